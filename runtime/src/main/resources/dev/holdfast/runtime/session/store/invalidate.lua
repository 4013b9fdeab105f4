-- Ends a session. Nothing of it is left but a note that it was ended, for who would restore it: a commit that comes late finds no session of its
-- generation.
-- KEYS[1] the session; ARGV 1 channel, which is told the key, version 0 and generation 0, 2 how long the note is left (milliseconds)
local function ended(key)
  redis.call('DEL', key)
  redis.call('HSET', key, '#ended', '1')
  redis.call('PEXPIRE', key, ARGV[2])
  redis.call('PUBLISH', ARGV[1], key .. ' 0 0')
end
local moved = redis.pcall('HGET', KEYS[1], '#moved')
if type(moved) == 'string' then
  ended(moved)
end
ended(KEYS[1])
return 1
