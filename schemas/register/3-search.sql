-- What is searched of a file, apart from the rest of its row: a search reads no more than that.
CREATE INDEX received_by_search ON received (search);
