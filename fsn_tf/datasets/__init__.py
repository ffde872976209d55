"""Where videos come from: one module per dataset."""
