"""What a page says of its story: headline, authors, dates, credits, access, images."""
