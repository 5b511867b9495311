-- fragment: is_due
    (due_us <= :now_us OR due_us > :now_us + 691200000000)

-- fragment: message_is_due
    (m.due_us <= :now_us OR m.due_us > :now_us + 691200000000)
