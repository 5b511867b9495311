"""What each noun adds to what an organisation holds, one file each."""
