-- Windows of time, aligned to the epoch by the clock of Redis, that all nodes share.
-- KEYS[1] the window: "milliseconds-long index permits-of-the-one-before permits granted-ever"
-- ARGV    1 permits of a window, 2 its milliseconds, 3 the part of the window before that counts: 1 all of it by its weight, 0 none, 4 microseconds of a
--         tick, in which the weight is counted, 5 the least permits that are of use, 6 the most, 0 to be told only, 7 permits brought back, 8 the index that they are of,
--         9 permits used while Redis was away, 10 milliseconds that it is kept once nothing of it counts, 11 milliseconds that the clock may be
--         behind before it counts as put back
-- Gives {granted, microseconds until the least can be had (0 if there may be more now), index, granted ever, free, microseconds left of the window}
local permits, length, sliding, tick = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])
local least, most = tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local clock = time[1] * 1000000 + time[2]
local micros = clock
local index = math.floor(micros / (length * 1000))
local before, count, ever = 0, 0, 0
local stored = redis.call('GET', KEYS[1])
if stored then
  local number = {}
  for word in string.gmatch(stored, '%d+') do
    number[#number + 1] = tonumber(word)
  end
  ever = number[5]
  if number[1] ~= length then -- the settings have changed; what counts now goes on to count
    local size = number[1] * 1000
    local into = micros - number[2] * size
    if into < size then
      count = math.ceil(number[3] * (size - math.max(0, into)) / size) + number[4]
    elseif sliding and into < 2 * size then
      count = math.ceil(number[4] * (2 * size - into) / size)
    end
  elseif number[2] >= index then
    before, count = number[3], number[4]
    if number[2] * length * 1000 - micros <= tonumber(ARGV[11]) * 1000 then
      index = number[2] -- or else the clock was put back
      micros = math.max(micros, index * length * 1000)
    end
  elseif number[2] == index - 1 and sliding then
    before = number[4]
  end
end
local ticks = math.ceil(length * 1000 / tick) -- what is left of the last one counts as one
local begin = index * length * 1000
local into = math.floor((micros - begin) / tick)
local changed = false
local back = tonumber(ARGV[7])
if back > 0 then
  if tonumber(ARGV[8]) == index and count > 0 then
    count, changed = math.max(0, count - back), true
  elseif tonumber(ARGV[8]) == index - 1 and before > 0 then
    before, changed = math.max(0, before - back), true
  end
end
local free = (permits - count) * ticks - before * (ticks - into)
local debt = math.min(tonumber(ARGV[9]), math.floor(free / ticks))
if debt > 0 then
  count, free, changed = count + debt, free - debt * ticks, true
end
local granted = math.min(most, math.floor(free / ticks))
if granted < least then
  granted = 0
end
if granted > 0 then
  count, free, ever, changed = count + granted, free - granted * ticks, ever + granted, true
end
local wait = 0
if granted < most or (most == 0 and free < least * ticks) then
  local room = permits - count - least
  local at, from = 0, begin
  if room >= 0 and before > 0 then
    at = math.max(into, math.ceil(ticks - room * ticks / before) - 1)
    while before * (ticks - at) > room * ticks do
      at = at + 1
    end
  elseif sliding and count > 0 then
    room = permits - least
    at = math.max(0, math.ceil(ticks - room * ticks / count) - 1)
    while count * (ticks - at) > room * ticks do
      at = at + 1
    end
    from = begin + length * 1000
  else
    from = begin + length * 1000
  end
  wait = from + math.min(at * tick, length * 1000) - clock
end
if changed then
  local words = { length, index, before, count, ever }
  for i = 1, #words do
    words[i] = string.format('%.0f', words[i])
  end
  local rest = math.ceil((begin - clock) / 1000) + length
  if sliding then
    rest = rest + length
  end
  redis.call('SET', KEYS[1], table.concat(words, ' '), 'PX', string.format('%.0f', rest + tonumber(ARGV[10])))
end
return {
  string.format('%.0f', granted), string.format('%.0f', wait), string.format('%.0f', index), string.format('%.0f', ever),
  string.format('%.0f', math.max(0, math.floor(free / ticks))), string.format('%.0f', begin + length * 1000 - clock)
}
