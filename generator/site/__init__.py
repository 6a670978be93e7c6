"""Pages from records alone: views, diagrams, charts, frames and publishing."""
