-- Ends a session. Nothing of it is left but a note that it was ended, for who would restore it: a commit that comes late finds no session of its
-- generation. The note lies beside it, so that another session under the same key does not take it away, and stays until the one that was ended would be
-- too old in any case.
-- KEYS[1] the session; ARGV 1 channel, which is told the key, version 0 and the generation that is ended, 2 maximum age, 3 how long the note is left at least
--         (milliseconds), 4 until when the session was made that is to be ended, and 5 its generation if that is known ('' both where it is ended whenever it was made): one
--         that is neither is another one, and stays; 6 the mark of this end, which may come again as a change may, and then finds it noted; 7 those of changes of
--         which nobody knows whether they are stored, with a space before and after each: what they have made is ended, too, and what of them comes later makes nothing
--         8 '1' if nothing is ended where it has another id already, '' if it is ended there, too
-- Where the slot is on its way to another server, the session may be here still while a note could not be written: so that is asked for before anything is done, and Redis ends
-- the script there. That others are told is not worth a failure: the user may lack the right, and they find out by themselves, a second later.
-- The note, a hash, says when (at), and the marks of the last changes (n), this end among them: the one that has made the session may come again (see commit.lua).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function ended(key)
  local meta = redis.pcall('HMGET', key, '#c', '#g', '#n', '#h')
  local created = meta[1]
  created = type(created) == 'string' and #created <= 18 and string.match(created, '^%d+$') and tonumber(created)
  if created and ARGV[4] ~= '' and created > tonumber(ARGV[4]) and meta[2] ~= ARGV[5] then
    local marks, isOurs = (meta[3] or '') .. ' ' .. (meta[4] or ''), false
    for mark in string.gmatch(ARGV[7], '%d+') do
      isOurs = isOurs or string.find(marks, mark, 1, true)
    end
    if not isOurs then
      return
    end
  end
  created = created or now
  local left = math.max(tonumber(ARGV[3]), math.min(created, now) + tonumber(ARGV[2]) - now)
  left = math.max(left, redis.call('PTTL', key .. ':ended')) -- of one before it, for which another method may have given a longer life
  left = math.min(left, 2592000000) -- no node is cut off for more than 30 days, and comes back
  local noted = redis.pcall('HMGET', key .. ':ended', 'n', 'at')
  if noted.err then -- somebody else's, of another type
    redis.call('DEL', key .. ':ended')
  end
  redis.call('DEL', key)
  local others = noted[1] and now - (tonumber(noted[2]) or 0) < 2000 and noted[1] or '' -- which is longer than it takes to come again
  local marks = ARGV[6] .. ' ' .. string.sub(ARGV[7], 2) .. (meta[3] or '') .. ' ' .. (meta[4] or '') .. ' ' .. others
  redis.call('HSET', key .. ':ended', 'at', string.format('%.0f', now), 'n', string.sub(marks, 1, 1279))
  redis.call('PEXPIRE', key .. ':ended', string.format('%.0f', left))
  local generation = meta[2]
  redis.pcall('PUBLISH', ARGV[1], key .. ' 0 ' .. (type(generation) == 'string' and #generation <= 18 and string.match(generation, '^%d+$') or '0'))
end
local before = redis.pcall('HGET', KEYS[1] .. ':ended', 'n')
if type(before) == 'string' and string.find(before, ARGV[6], 1, true) then
  return 1 -- and what is there now was made since
end
local there = redis.pcall('HMGET', KEYS[1], '#moved', '#h')
local moved = there[1]
if type(there[2]) == 'string' and string.find(there[2], ARGV[6], 1, true) then
  return 1 -- what is there was made after this end, which comes late
end
if moved and ARGV[8] ~= '' then
  return 1
end
while type(moved) == 'string' do -- the id may have been renewed more than once
  local after = redis.pcall('HGET', moved, '#moved')
  ended(moved)
  moved = after
end
ended(KEYS[1])
return 1
