-- Stores what a call has changed, whole or not at all.
-- KEYS[1] the session (see read.lua), KEYS[2] where it shall go, the same if it stays; both in one slot
-- ARGV    1 idle, 2 maximum age, 3 slack (milliseconds), 4 the generation that the call began with ('' for none), 5 that of a new session ('' where none can begin),
--         6 channel, which is told key, version and generation, 7 the mark of this change, 8 the marks of those before it of which nobody knows whether
--         they are stored, with a space before and after each, 9 what becomes of a session that is there: '' it is changed, '1' it makes way for a new one, '2' it stays as it
--         is, and this one, which was lost, is not stored, unless what is there is one of the marks; nor is it if it was ended, 10 how many guarded, 11 how many set,
--         12 how many removed, 13 when the session was created that this one makes ('' for now), 14 how long is noted at least that one was ended; then name and version of each guarded attribute (0 if it was not there), name and value of each set, name of each
--         removed
-- Gives {'GONE'}, {'CONFLICT', name}, or one text, with spaces between: version, generation, created, used, mark before (0 for a new session, '' if this is the
--         second time that the same change comes), whether it is at KEYS[2] ('1' or '0')
-- Most of what it costs is Lua's: to make a text of a number takes as long as half a command, so that is done once or left to Redis; and to hand over a table
-- takes as long as two, where a text is sent as it is.
local function number(text)
  return type(text) == 'string' and #text <= 18 and string.match(text, '^%d+$') and tonumber(text)
end
local function text(value)
  return string.format('%.0f', value)
end
local function told(key, version, generation)
  redis.call('PUBLISH', ARGV[6], key .. ' ' .. version .. ' ' .. generation)
end
local function read(key)
  return redis.pcall('HMGET', key, '#v', '#g', '#c', '#u', '#n', '@\0idle', '#moved')
end
local function done(version, generation, created, used, before, key)
  return version .. ' ' .. generation .. ' ' .. created .. ' ' .. used .. ' ' .. before .. (key == KEYS[2] and ' 1' or ' 0')
end
local function isOurs(mark)
  return ARGV[8] ~= '' and mark and string.find(ARGV[8], ' ' .. mark .. ' ', 1, true)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local age = tonumber(ARGV[2])
local function note(key, created) -- that it is no more under this key: see invalidate.lua
  local left = math.max(tonumber(ARGV[14]), math.min(number(created) and tonumber(created) or now, now) + age - now)
  left = math.max(left, redis.call('PTTL', key .. ':ended'))
  redis.call('HSET', key .. ':ended', 'at', text(now))
  redis.call('PEXPIRE', key .. ':ended', text(left))
end
local key = KEYS[1]
local meta = read(key)
local moved = meta[7]
if moved and ARGV[9] == '1' then
  redis.call('DEL', moved)
  note(moved)
  told(moved, '0', '0')
elseif moved and ARGV[4] ~= '' then
  key = moved -- the id was renewed while this call was under way; its changes go along
  meta = read(key)
end
local function lifetime(own) -- how long it may be without use, and how much longer that may be: see read.lua
  own = type(own) == 'string' and tonumber(string.match(own, '^%d+ (%d%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?)$'))
  if own then
    local idle = own == 0 and age or own
    return idle, math.min(math.floor(idle / 10), 60000)
  end
  return tonumber(ARGV[1]), tonumber(ARGV[3])
end
local idle, slack = lifetime(meta[6])
local exists = not meta.err and meta[1] and meta[2] and meta[3] and meta[4]
  and #meta[1] <= 18 and #meta[2] <= 18 and #meta[3] <= 18 and #meta[4] <= 18
  and string.find(meta[1] .. ' ' .. meta[2] .. ' ' .. meta[3] .. ' ' .. meta[4], '^%d+ %d+ %d+ %d+$')
  and now < tonumber(meta[3]) + age and now < tonumber(meta[4]) + idle + slack
if exists and meta[5] == ARGV[7] then -- it was stored, but the answer was lost
  return done(meta[1], meta[2], meta[3], meta[4], '', key)
end
local since = ARGV[13] ~= '' and math.min(tonumber(ARGV[13]), now) or now
if ARGV[9] == '1' then
  if exists then
    note(key, meta[3])
  end
  exists = false
elseif ARGV[9] == '2' and exists and isOurs(meta[5]) then
  exists = false
elseif ARGV[9] == '2' and (exists or moved or redis.call('EXISTS', key .. ':ended') == 1) then
  return { 'GONE' }
end
if ARGV[4] == '' and not exists then
  if now >= since + age then
    return { 'GONE' } -- it would be too old, had it been stored when it was made
  end
  local ended = ARGV[9] == '' and ARGV[8] ~= '' and number(redis.pcall('HGET', key .. ':ended', 'at'))
  if ended and tonumber(ended) >= since then
    return { 'GONE' } -- it may have been stored before, and ended
  end
end
if ARGV[4] ~= '' and not (exists and meta[2] == ARGV[4]) then
  return { 'GONE' }
end
local at = 15
local certain = not (exists and isOurs(meta[5]))
for i = 1, tonumber(ARGV[10]) do
  local value = exists and redis.call('HGET', key, '@' .. ARGV[at])
  local version = value and string.match(value, '^%d+') or '0'
  if certain and version ~= ARGV[at + 1] then
    return { 'CONFLICT', ARGV[at] }
  end
  at = at + 2
end
local version, generation, created, own, before = '1', ARGV[5], since, false, '0'
if exists then
  version, generation, created, own, before = text(meta[1] + 1), meta[2], tonumber(meta[3]), meta[6], ''
  if meta[5] and string.find(meta[5], '^[1-9]%d*$') then
    before = meta[5]
  end
else
  redis.call('DEL', key) -- a session whose time is over, though Redis has not noticed yet; one that makes way; or what is none
end
local used, made = text(now), exists and meta[3] or text(created)
local fields = exists and { '#v', version, '#u', used, '#n', ARGV[7] }
  or { '#v', version, '#g', generation, '#c', made, '#u', used, '#n', ARGV[7] }
for i = 1, tonumber(ARGV[11]) do
  local value = version .. ' ' .. ARGV[at + 1]
  fields[#fields + 1], fields[#fields + 2] = '@' .. ARGV[at], value
  if ARGV[at] == '\0idle' then
    own = value
  end
  if #fields >= 1000 then -- Lua hands over some thousand at most
    redis.call('HSET', key, unpack(fields))
    fields = { '#v', version }
  end
  at = at + 2
end
redis.call('HSET', key, unpack(fields))
for i = 1, tonumber(ARGV[12]) do
  redis.call('HDEL', key, '@' .. ARGV[at])
  if ARGV[at] == '\0idle' then
    own = false
  end
  at = at + 1
end
idle, slack = lifetime(own)
redis.call('PEXPIRE', key, math.max(1, math.min(idle + slack, created + age - now)))
if KEYS[2] ~= KEYS[1] and key == KEYS[1] then
  redis.call('RENAME', key, KEYS[2])
  redis.call('HSET', key, '#moved', KEYS[2])
  redis.call('PEXPIRE', key, 60000)
  note(key, made)
  told(key, '0', '0')
  key = KEYS[2]
end
told(key, version, generation)
return done(version, generation, made, used, before, key)
