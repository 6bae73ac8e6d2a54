//! leastwise-ide
