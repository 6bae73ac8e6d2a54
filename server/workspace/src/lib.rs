//! leastwise-workspace
