-- Stores what a call has changed, whole or not at all.
-- KEYS[1] the session (see read.lua), KEYS[2] where it shall go if it does not stay; both in one slot
-- ARGV    1 how long it lives without use, slack included, 2 maximum age (milliseconds), 3 #l of those who are known (see read.lua), 4 the generation that
--         the call began with ('' for none), 5 channel, which is told key, version (0 for one that was ended, -1 for one that has another id now) and generation, 6 the mark of this change, 7 that of the one before
--         if the caller knows that nobody sends that again, 8 how many are set; '' if nothing comes behind them, as usual; then name and value of each set
--         Behind them: the generation of a new session ('' where none can begin); the marks of those before it of which nobody knows whether
--         they are stored, with a space before and after each; what becomes of a session that is there: '' it is changed, '1' it makes way for a new one, '2' it stays as it
--         is, and this one, which was lost, is not stored, unless what is there is one of the marks; nor is it if it was ended; when the session was created that
--         this one makes ('' for now); how long is noted at least that one was ended; how many guarded; how many removed; then name and version of each guarded attribute
--         (0 if it was not there), and the name of each removed
-- Gives {'GONE'}, {'CONFLICT', name}, or one text, with spaces between: version, generation, created, used, whether it is where KEYS say that it shall be
--         ('1' or '0'), the mark before (0 for a new session, '' if this is the second time that the same change comes)
-- A mark has 19 digits. #n is that of the last change. #h are those of 63 before it that may come again, the last one first, as far as they lie less than 2 s apart,
-- which is longer than that takes. It is not written where one caller makes change after change: text is what Lua is slow with.
-- Most of what it costs is Lua's: to make a text of a number takes as long as half a command, so that is done once or left to Redis; and to hand over a table
-- takes as long as two, where a text is sent as it is.

-- The short way, which nearly all take: a session of the usual lifetime that is there, and some values that are set. Its commands are those of the long way. But to make
-- the functions of that anew, as Lua does in each run, to look for what is seldom there, and to collect what is sent takes two fifths as long again. It writes nothing
-- before it is sure; whatever is not as usual goes the long way from its beginning.
if ARGV[8] == '' then
  local key, generation, mark = KEYS[1], ARGV[4], ARGV[6]
  local meta = redis.pcall('HMGET', key, '#v', '#c', '#u', '#n', '#g', '@\0idle', '#l', '#h') -- a key that a session has left has none of these
  local version, created, used, before = tonumber(meta[1]), tonumber(meta[2]), tonumber(meta[3]), meta[4]
  if version and created and used and before and meta[5] == generation and not meta[6] and meta[7] == ARGV[3]
    and string.find(meta[1] .. meta[2] .. meta[3], '^%d+$') and before ~= mark and not (meta[8] and string.find(meta[8], mark, 1, true))
    and version + created + used < 1e14 then -- up to which Lua makes texts of numbers that are whole
    local time = redis.call('TIME')
    local now = time[1] .. string.sub('00000' .. time[2], -6, -4)
    local life, left = tonumber(ARGV[1]), created + ARGV[2] - now
    if left > 0 and now - used < life then
      version = version + 1 .. ''
      redis.call('HSET', key, '#v', version, '#u', now, '#n', mark, '@' .. ARGV[9], version .. ' ' .. ARGV[10])
      if before ~= ARGV[7] then
        redis.call('HSET', key, '#h', meta[8] and now - used < 2000 and before .. ' ' .. string.sub(meta[8], 1, 1239) or before)
      end
      for i = 11, #ARGV, 2 do
        redis.call('HSET', key, '@' .. ARGV[i], version .. ' ' .. ARGV[i + 1])
      end
      redis.call('PEXPIRE', key, life < left and ARGV[1] or left)
      redis.pcall('PUBLISH', ARGV[5], key .. ' ' .. version .. ' ' .. generation)
      return version .. ' ' .. generation .. ' ' .. meta[2] .. ' ' .. now .. ' 1 ' .. before
    end
  end
end

-- The long way.
local base, channel, mark = ARGV[4], ARGV[5], ARGV[6]
local set = ARGV[8] == '' and (#ARGV - 8) / 2 or tonumber(ARGV[8])
local rest = 9 + 2 * set
local anew, doubtful, onto, restored = ARGV[rest] or '', ARGV[rest + 1] or '', ARGV[rest + 2] or '', ARGV[rest + 3] or ''
local noted, guarded, removed = tonumber(ARGV[rest + 4] or 0), tonumber(ARGV[rest + 5] or 0), tonumber(ARGV[rest + 6] or 0)
local to = KEYS[2] or KEYS[1]
local function number(text)
  return type(text) == 'string' and #text <= 18 and string.match(text, '^%d+$') and tonumber(text)
end
local function text(value)
  return string.format('%.0f', value)
end
local function told(key, version, generation)
  redis.pcall('PUBLISH', channel, key .. ' ' .. version .. ' ' .. generation)
end
local function read(key)
  return redis.pcall('HMGET', key, '#v', '#g', '#c', '#u', '#n', '@\0idle', '#moved', '#l', '#h')
end
local function done(version, generation, created, used, before, key)
  return version .. ' ' .. generation .. ' ' .. created .. ' ' .. used .. (key == to and ' 1 ' or ' 0 ') .. before
end
local function isOurs(there)
  return doubtful ~= '' and there and string.find(doubtful, ' ' .. there .. ' ', 1, true)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local age = tonumber(ARGV[2])
local function note(key, created, marks) -- that it is no more under this key: see invalidate.lua
  local left = math.max(noted, math.min(number(created) and tonumber(created) or now, now) + age - now)
  left = math.min(math.max(left, redis.call('PTTL', key .. ':ended')), 2592000000) -- no node is cut off for more than 30 days, and comes back
  local before = redis.pcall('HMGET', key .. ':ended', 'n', 'at')
  if before.err then -- somebody else's, of another type
    redis.call('DEL', key .. ':ended')
  end
  marks = (marks or '') .. ' ' .. (before[1] and now - (tonumber(before[2]) or 0) < 2000 and before[1] or '')
  redis.call('HSET', key .. ':ended', 'at', text(now), 'n', string.sub(marks, 1, 1279))
  redis.call('PEXPIRE', key .. ':ended', text(left))
end
local key = KEYS[1]
local meta = read(key)
local moved, steps = meta[7], 0
while moved and (onto == '1' or base ~= '') and steps < 100 do -- the id was renewed while this call was under way, perhaps more than once; its changes go along
  steps = steps + 1
  local there = read(moved)
  if onto == '1' then
    note(moved) -- first, as in invalidate.lua
    redis.call('DEL', moved)
    told(moved, '0', '0')
  else
    key, meta = moved, there
  end
  moved = there[7]
end
local function lifetime(own, usual) -- how long it lives without use, slack included: see read.lua
  own = type(own) == 'string' and tonumber(string.match(own, '^%d+ (%d%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?)$'))
  if own then
    local idle = own == 0 and age or own
    return idle + math.min(math.floor(idle / 10), 60000)
  end
  return usual
end
local exists = not meta.err and meta[1] and meta[2] and meta[3] and meta[4]
  and #meta[1] <= 18 and #meta[2] <= 18 and #meta[3] <= 18 and #meta[4] <= 18
  and string.find(meta[1] .. ' ' .. meta[2] .. ' ' .. meta[3] .. ' ' .. meta[4], '^%d+ %d+ %d+ %d+$')
  and now < tonumber(meta[3]) + age and now < tonumber(meta[4]) + lifetime(meta[6], tonumber(ARGV[1]))
if exists and (meta[5] == mark or meta[9] and string.find(meta[9], mark, 1, true)) then -- it was stored, but the answer was lost
  return done(meta[1], meta[2], meta[3], meta[4], '', key)
end
if base == '' then -- it may be what has made a session that was ended meanwhile
  local ended = redis.pcall('HGET', KEYS[1] .. ':ended', 'n')
  if type(ended) == 'string' and string.find(ended, mark, 1, true) then
    return { 'GONE' }
  end
end
local since = restored ~= '' and math.min(tonumber(restored), now) or now
if onto == '1' then
  if exists then
    note(key, meta[3], (meta[5] or '') .. ' ' .. (meta[9] or ''))
    if meta[2] ~= anew then -- or else it is the same, which comes once more
      told(key, '0', meta[2])
    end
  end
  exists = false
elseif onto == '2' and exists and isOurs(meta[5]) then
  exists = false
elseif onto == '2' and (exists or moved or redis.call('EXISTS', key .. ':ended') == 1) then
  return { 'GONE' }
end
if base == '' and not exists then
  if now >= since + age then
    return { 'GONE' } -- it would be too old, had it been stored when it was made
  end
  local ended = onto == '' and restored ~= '' and number(redis.pcall('HGET', key .. ':ended', 'at'))
  if ended and (tonumber(ended) > since or tonumber(ended) == since and doubtful ~= '') then
    return { 'GONE' } -- somebody has ended the session of that key since this one began, whether he knew of this one or not
  end
end
if base ~= '' and not (exists and meta[2] == base) then
  return { 'GONE' }
end
local at = rest + 7
for i = 1, guarded do
  local value = exists and redis.call('HGET', key, '@' .. ARGV[at])
  local version = value and string.match(value, '^%d+') or '0'
  if version ~= ARGV[at + 1] then
    return { 'CONFLICT', ARGV[at] }
  end
  at = at + 2
end
local version, generation, created, own, before, behind = '1', anew, since, false, '0', ''
if exists then
  version, generation, created, own, before = text(meta[1] + 1), meta[2], tonumber(meta[3]), meta[6], ''
  if meta[5] and #meta[5] <= 19 and string.find(meta[5], '^[1-9]%d*$') then
    before = meta[5]
    behind = before == ARGV[7] and meta[9] or meta[9] and now - meta[4] < 2000 and before .. ' ' .. string.sub(meta[9], 1, 1239) or before
  end
else
  if onto == '2' then
    version = text(now) -- above all that it was given before it was lost
  end
  redis.call('DEL', key) -- a session whose time is over, though Redis has not noticed yet; one that makes way; or what is none
end
if doubtful ~= '' then -- what of those comes later finds itself stored
  behind = string.sub(string.sub(doubtful, 2) .. behind, 1, 1259)
end
local span = ARGV[3]
local life, longest, slack = string.match(span, '^(%d+) (%d+) (%d+)$')
life, longest = tonumber(life), tonumber(longest)
local a, b, c = string.match(exists and meta[8] or '', '^(%d+) (%d+) (%d+)$')
if a and meta[8] ~= span and #a <= 13 and #b <= 13 and #c <= 13 then -- others use it who give it another life: see Span.java
  life, longest = math.max(life, a), math.max(longest, b)
  span = text(life) .. ' ' .. text(longest) .. ' ' .. text(math.min(slack, c))
end
local used, made = text(now), exists and meta[3] or text(created)
local fields = { '#v', version, '#u', used, '#n', mark, '#h', behind, '#l', span }
if not exists then
  fields[11], fields[12], fields[13], fields[14] = '#g', generation, '#c', made
end
for i = 9, rest - 1, 2 do
  local value = version .. ' ' .. ARGV[i + 1]
  fields[#fields + 1], fields[#fields + 2] = '@' .. ARGV[i], value
  if ARGV[i] == '\0idle' then
    own = value
  end
  if #fields >= 1000 then -- Lua hands over some thousand at most
    redis.call('HSET', key, unpack(fields))
    fields = { '#v', version }
  end
end
redis.call('HSET', key, unpack(fields))
for i = 1, removed do
  redis.call('HDEL', key, '@' .. ARGV[at])
  if ARGV[at] == '\0idle' then
    own = false
  end
  at = at + 1
end
age = longest -- by which one lives that ends by that alone
redis.call('PEXPIRE', key, text(math.max(1, math.min(lifetime(own, life), created + longest - now))))
if to ~= KEYS[1] and key == KEYS[1] then
  redis.call('RENAME', key, to)
  redis.call('HSET', key, '#moved', to)
  redis.call('PEXPIRE', key, 600000) -- for calls that are under way with the old one
  note(key, made)
  told(key, '-1', generation)
  key = to
end
told(key, version, generation)
return done(version, generation, made, used, before, key)
