-- Reads a session, and notes that it is used, if that is due: half of the slack after the last note, as for the other half a node asks for the header
-- alone, and notes nothing.
-- KEYS[1] the session, a hash: #v version, #g generation, #c created, #u last used (milliseconds), #n and #h the marks of the last changes (see commit.lua),
--         #l the longest life without use, slack included, the greatest maximum age and the smallest slack of those who use it: see Span.java; and
--         @name = "version value"; of the name \0idle in digits, after how many milliseconds without use this one ends, 0 for never
-- ARGV    idle, maximum age, slack (milliseconds), #v, #g, #c and #n of what the caller has, with spaces between ('' for nothing), #l of those
--         who are known, and its slack. Versions would not do: a server that has lost some
--         gives them out again
-- Gives false if there is none; {'DAMAGED'} if what is there is none; {used, #l} if the caller's copy is as it is here; else {used, #l, version, generation, created,
--         mark, name, value, ...}. The time of use is that before this one
local meta = redis.pcall('HMGET', KEYS[1], '#v', '#g', '#c', '#u', '@\0idle', '#n', '#l')
if meta.err then
  return { 'DAMAGED' }
end
if not (meta[1] and meta[2] and meta[3] and meta[4] and #meta[1] <= 18 and #meta[2] <= 18 and #meta[3] <= 18 and #meta[4] <= 18
  and string.find(meta[1] .. ' ' .. meta[2] .. ' ' .. meta[3] .. ' ' .. meta[4], '^%d+ %d+ %d+ %d+$')) then
  return (meta[1] or meta[2] or meta[3] or meta[4]) and { 'DAMAGED' }
end
local created, used = tonumber(meta[3]), tonumber(meta[4])
local idle, age, slack = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local own = type(meta[5]) == 'string' and tonumber(string.match(meta[5], '^%d+ (%d%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?)$'))
if own then
  idle = own == 0 and age or own
  slack = math.min(math.floor(idle / 10), 60000)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now >= created + age or now >= used + idle + slack then
  return false
end
-- Each who uses it goes by his own times; so it is kept for the longest, and noted for the shortest.
local span, least = ARGV[5], tonumber(ARGV[6])
if meta[7] ~= span then
  local a, b, c = string.match(meta[7] or '', '^(%d+) (%d+) (%d+)$')
  if a and #a <= 13 and #b <= 13 and #c <= 13 then
    local d, e = string.match(span, '^(%d+) (%d+)')
    least = math.min(least, c)
    span = string.format('%.0f %.0f %.0f', math.max(a, d), math.max(b, e), least)
  end
end
if now - used >= (own and slack or least) / 2 or meta[7] ~= span then
  local life, longest = string.match(span, '^(%d+) (%d+)')
  if own then
    life = own == 0 and longest or idle + slack
  end
  redis.call('HSET', KEYS[1], '#u', string.format('%.0f', now), '#l', span)
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(1, math.min(life, created + longest - now))))
end
if ARGV[4] ~= '' and meta[1] .. ' ' .. meta[2] .. ' ' .. meta[3] .. ' ' .. (meta[6] or '') == ARGV[4] then
  return { meta[4], span }
end
local result = { meta[4], span, meta[1], meta[2], meta[3], meta[6] or '0' }
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 1) == '@' then
    result[#result + 1] = string.sub(all[i], 2)
    result[#result + 1] = all[i + 1]
  end
end
return result
