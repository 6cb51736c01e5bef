"""What a crawl writes: articles, rejects, manifest; each file complete, or not there at all."""
