//! leastwise-catalog
