//! leastwise-rules
