-- Ends a session. Nothing of it is left: a commit that comes late finds no session of its generation.
-- KEYS[1] the session; ARGV 1 channel, which is told the key, version 0 and generation 0
local moved = redis.pcall('HGET', KEYS[1], '#moved')
if type(moved) == 'string' then
  redis.call('DEL', moved)
  redis.call('PUBLISH', ARGV[1], moved .. ' 0 0')
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], KEYS[1] .. ' 0 0')
return 1
