-- A token bucket that all nodes share. Permits that a node holds are out until a stamp, or until it brings them back; from then on they are backlog,
-- which drains. So what is out, the backlog, and what is free make up the burst, and nobody can use more from any moment on.
-- KEYS[1] the bucket: "units-of-a-permit microseconds-of-a-tick backlog drained-until granted-ever", then "stamp permits" for what is out, oldest
--         first. Backlog in units; times in ticks by the clock of Redis.
-- ARGV    1 units drained in a tick, 2 units of a permit, 3 burst, 4 microseconds of a tick, 5 the least permits that are of use, 6 the most, 0 to be told only,
--         7 ticks that they stay out, 8 ticks to which stamps are rounded up, 9 permits brought back, 10 their stamp, 11 permits used while Redis was
--         away, 12 milliseconds that it is kept once it is full, 13 ticks that the clock may be behind before it counts as put back
-- Gives {granted, microseconds until the least can be had (0 if there may be more now), stamp, granted ever, free, microseconds that they stay out}
local rate, unit, burst, tick = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local least, most = tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local clock = math.floor(micros / tick)
local now, backlog, ever = clock, 0, 0
local ends, out, held = {}, {}, 0
local stored = redis.call('GET', KEYS[1])
if stored then
  local number = {}
  for word in string.gmatch(stored, '%d+') do
    number[#number + 1] = tonumber(word)
  end
  backlog, ever = number[3], number[5]
  if number[1] ~= unit then
    backlog = math.ceil(backlog * unit / number[1]) -- the settings have changed; what was used stays used
  end
  if number[2] ~= tick then
    for i = 4, #number, 2 do
      number[i] = math.ceil(number[i] * number[2] / tick)
    end
  end
  local last, shift = number[4], 0
  if clock < last - tonumber(ARGV[13]) then
    shift = clock - last -- the clock was put back
  end
  local at = last + shift
  now = math.max(clock, at)
  for i = 6, #number, 2 do
    local stamp, permits = number[i] + shift, number[i + 1]
    if stamp <= now then
      backlog = math.max(0, backlog - rate * math.max(0, stamp - at)) + permits * unit
      at = math.max(at, stamp)
    else
      ends[#ends + 1], out[#out + 1] = stamp, permits
      held = held + permits
    end
  end
  backlog = math.max(0, backlog - rate * (now - at))
end
local changed = false
local back, stamp = tonumber(ARGV[9]), tonumber(ARGV[10])
if back > 0 then
  for i = 1, #ends do
    if ends[i] == stamp then
      local permits = math.min(back, out[i])
      out[i], held = out[i] - permits, held - permits
      back, changed = 0, true
    end
  end
  if back > 0 and stamp <= now then -- less what has drained of it since: that may be used already
    local credit = back * unit - rate * (now - stamp)
    if credit > 0 and backlog > 0 then
      backlog, changed = math.max(0, backlog - credit), true
    end
  end
end
local debt = tonumber(ARGV[11])
if debt > 0 then
  backlog = math.max(backlog, math.min((burst - held) * unit, backlog + debt * unit))
  changed = true
end
local free = (burst - held) * unit - backlog
local granted = math.min(most, math.floor(free / unit))
if granted < least then
  granted = 0
end
local hold = tonumber(ARGV[7])
stamp = now
if granted > 0 then
  changed = true
  free = free - granted * unit
  ever = ever + granted
  if micros > clock * tick then
    stamp = now + 1 -- what is granted within a tick drains from the next on
  end
  if hold > 0 then
    local grain = tonumber(ARGV[8])
    stamp = math.ceil((stamp + hold) / grain) * grain
    local last = #ends
    while last > 0 and ends[last] > stamp do
      last = last - 1
    end
    if last > 0 and ends[last] == stamp then
      out[last] = out[last] + granted
    else
      table.insert(ends, last + 1, stamp)
      table.insert(out, last + 1, granted)
    end
    held = held + granted
  elseif backlog == 0 then
    now = stamp
    backlog = granted * unit
  else
    backlog = backlog + granted * unit
  end
end
local wait = 0
if granted < most or (most == 0 and free < least * unit) then
  local at, drains, missing = now, backlog, least * unit - free
  for i = 1, #ends do
    local drained = math.min(drains, rate * (ends[i] - at))
    if missing <= drained then
      break
    end
    missing = missing - drained
    drains = drains - drained + out[i] * unit
    at = ends[i]
  end
  wait = (at - clock + math.ceil(math.max(0, missing) / rate)) * tick
end
if changed then
  local words = { unit, tick, backlog, now, ever }
  local full = now
  for i = 1, #ends do
    if out[i] > 0 then
      words[#words + 1], words[#words + 2] = ends[i], out[i]
      full = ends[i]
    end
  end
  for i = 1, #words do
    words[i] = string.format('%.0f', words[i])
  end
  local rest = (full - clock + (backlog + held * unit) / rate) * tick / 1000
  redis.call('SET', KEYS[1], table.concat(words, ' '), 'PX', string.format('%.0f', math.ceil(rest) + tonumber(ARGV[12])))
end
return {
  string.format('%.0f', granted), string.format('%.0f', wait), string.format('%.0f', stamp), string.format('%.0f', ever),
  string.format('%.0f', math.max(0, math.floor(free / unit))), string.format('%.0f', hold > 0 and math.max(0, stamp * tick - micros) or 0)
}
