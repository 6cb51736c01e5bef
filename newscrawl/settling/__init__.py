"""What happens to a run's stories once all of them are there, before they are published."""
