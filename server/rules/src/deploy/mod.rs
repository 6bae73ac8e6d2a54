//! Whether a deployment can be changed, rolled back and removed.

mod counterpart;
pub mod missing_delete_counterpart;
pub mod missing_update_counterpart;
mod tool_state;
