"""What one replication leaves behind; the recorder of orders and stages."""
