-- A token bucket that all nodes share. Permits that a node holds are out until a stamp, or until it brings them back; from then on they are backlog,
-- which drains. So what is out, the backlog, and what is free make up the burst, and nobody can use more from any moment on.
-- A node may also reserve what is to come: from the moment at which there are so many permits as it needs at least, for some time, all that drains is its
-- own. It takes what it needs at that moment, and goes on at the pace of the limit by itself; so what it uses is, from any moment on, at most that and what
-- drains, and for the others nothing does: the bucket stands still until that time is over. It is "drained until" then, which lies ahead of the clock.
-- KEYS[1] the bucket: "units-of-a-permit microseconds-of-a-tick backlog drained-until granted-ever ahead", then "stamp permits" for what is out, oldest
--         first. Backlog in units; times in ticks by the clock of Redis; ahead is by how much it was drained beyond the clock.
-- ARGV    1 units drained in a tick, 2 units of a permit, 3 burst, 4 microseconds of a tick, 5 the least permits that are of use, 6 the most, 0 to be told only,
--         7 ticks that they stay out, 8 ticks to which stamps are rounded up, 9 permits brought back, 10 their stamp, 11 permits used while Redis was
--         away, 12 milliseconds that it is kept once it is full, 13 ticks that the clock may be behind before it counts as put back, 14 ticks that it
--         reserves, 0 for none, 15 if that begins in so many ticks at most, 16 the stamp of what it has reserved, 17 ticks by which that is to end
--         later, and then nothing else is asked, or earlier if below 0
-- Gives {granted, microseconds until the least can be had (0 if there may be more now), stamp, granted ever, free, microseconds that they stay out};
-- of what is reserved the second is when it begins, the third its end as a stamp, and the last when that is
local rate, unit, burst, tick = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local least, most = tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local clock = math.floor(micros / tick)
local length, own, move = tonumber(ARGV[14]), tonumber(ARGV[16]), tonumber(ARGV[17])
local now, elapsed, backlog, ever = clock, clock, 0, 0
local ends, out, held = {}, {}, 0
local changed = false
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
    number[4], number[6] = math.ceil(number[4] * number[2] / tick), math.ceil(number[6] * number[2] / tick)
    for i = 7, #number, 2 do
      number[i] = math.ceil(number[i] * number[2] / tick)
    end
  end
  local before, shift = number[4] - number[6], 0
  if clock < before - tonumber(ARGV[13]) then
    shift = clock - before -- the clock was put back
  end
  local at = number[4] + shift
  elapsed = math.max(clock, before + shift)
  if move ~= 0 and own == at and own > elapsed then -- or else others come right after
    at, changed = math.max(elapsed, own + move), true
  end
  now = math.max(elapsed, at)
  for i = 7, #number, 2 do
    local stamp, permits = number[i] + shift, number[i + 1]
    if stamp <= elapsed then
      backlog = math.max(0, backlog - rate * math.max(0, stamp - at)) + permits * unit
      at = math.max(at, stamp)
    else
      ends[#ends + 1], out[#out + 1] = stamp, permits
      held = held + permits
    end
  end
  backlog = math.max(0, backlog - rate * (now - at))
end
local moved = changed
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
-- When so much more is free, by what is known; the backlog at that time, and how many of what is out are in it then.
local function freeAt(missing)
  local at, drains, passed = now, backlog, 0
  for i = 1, #ends do
    local drained = math.min(drains, rate * math.max(0, ends[i] - at))
    if missing <= drained then
      break
    end
    missing, drains = missing - drained, drains - drained + out[i] * unit
    at, passed = math.max(at, ends[i]), i
  end
  local ticks = math.ceil(math.max(0, missing) / rate)
  return at + ticks, math.max(0, drains - rate * ticks), passed
end
local free = (burst - held) * unit - backlog
local granted, wait, life = 0, 0, 0
stamp = now
if move > 0 then
  if moved then
    granted, life = most, now * tick - micros
  end
elseif length > 0 then
  local at, drains, passed = freeAt(least * unit - free)
  local early = at - clock - tonumber(ARGV[15])
  if early <= 0 then
    granted, wait = most, (at - clock) * tick
    now, backlog = at + length, drains + least * unit
    for i = 1, passed do
      held = held - table.remove(out, 1)
      table.remove(ends, 1)
    end
    free = (burst - held) * unit - backlog
    stamp, life = now, now * tick - micros
  else
    wait = early * tick
  end
else
  granted = math.min(most, math.floor(free / unit))
  if granted < least then
    granted = 0
  end
  local hold = tonumber(ARGV[7])
  if granted > 0 then
    free = free - granted * unit
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
  life = hold > 0 and math.max(0, stamp * tick - micros) or 0
  if granted < most or (most == 0 and free < least * unit) then
    wait = (freeAt(least * unit - free) - clock) * tick
  end
end
if granted > 0 then
  ever, changed = ever + granted, true
end
if changed then
  local words = { unit, tick, backlog, now, ever, now - elapsed }
  local full = now
  for i = 1, #ends do
    if out[i] > 0 then
      words[#words + 1], words[#words + 2] = ends[i], out[i]
      full = math.max(full, ends[i])
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
  string.format('%.0f', math.max(0, math.floor(free / unit))), string.format('%.0f', life)
}
