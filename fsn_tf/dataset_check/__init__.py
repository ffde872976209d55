"""What is wrong or odd in a data set, before it costs hours."""
