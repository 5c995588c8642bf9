"""What an archive and a network are about, as a whole: topics over years, products in development, money and needs."""
