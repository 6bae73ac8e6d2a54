//! leastwise-policy
