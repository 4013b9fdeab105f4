-- Ends a session. Nothing of it is left: a commit that comes late finds no session of its generation.
-- KEYS[1] the session; ARGV 1 channel, which is told the key and version 0
local moved = redis.call('HGET', KEYS[1], '#moved')
if moved then
  redis.call('DEL', moved)
  redis.call('PUBLISH', ARGV[1], moved .. ' 0')
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], KEYS[1] .. ' 0')
return 1
