"""Results as text, tables and pictures, beside the published figures."""
