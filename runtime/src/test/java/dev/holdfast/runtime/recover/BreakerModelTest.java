package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random scripts against a breaker that is too simple to be wrong: it keeps every result that ever came and counts anew each time. */
final class BreakerModelTest {

    private static final int STEPS = 6_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void does_what_the_model_does(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<BreakerState> seen = EnumSet.noneOf(BreakerState.class);
        for (int script = 0; script < 4; script++) {
            BreakerSettings settings = settings(random);
            VirtualTime time = VirtualTime.turnedByHand();
            Breaker breaker = new Breaker(settings, time, (from, to, why) -> {});
            Model model = new Model(settings);
            List<Call> underWay = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                // Seasons of good and bad, so that it gets into every state.
                int badIn10 = step / 500 % 2 == 0 ? 1 : 7;
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        long ticket = breaker.enter();
                        int generation = model.enter(time.elapsed());
                        assertThat(ticket > 0).as("step %d", step).isEqualTo(generation > 0);
                        if (ticket > 0) {
                            underWay.add(new Call(ticket, generation, time.elapsed()));
                        }
                    }
                    case 2, 3 -> {
                        if (!underWay.isEmpty()) {
                            Call call = underWay.remove(random.nextInt(underWay.size()));
                            boolean failed = random.nextInt(10) < badIn10;
                            if (failed) {
                                breaker.failed(call.ticket);
                            } else {
                                breaker.succeeded(call.ticket);
                            }
                            model.ended(call.generation, failed, call.began, time.elapsed());
                        }
                    }
                    default -> time.advance(random.nextLong(random.nextInt(20) == 0 ? 2_000 : 40));
                }
                assertThat(breaker.state()).as("step %d", step).isEqualTo(model.state);
                assertThat(breaker.retryAfterNanos()).as("step %d", step).isEqualTo(model.retryAfter(time.elapsed()));
                seen.add(model.state);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(BreakerState.values());
    }

    private static BreakerSettings settings(SplittableRandom random) {
        int window = random.nextInt(1, 80);
        return new BreakerSettings(
                random.nextInt(1, 101),
                random.nextInt(1, 101),
                random.nextBoolean() ? 0 : random.nextInt(1, 600),
                window,
                random.nextInt(3) == 0 ? random.nextInt(1, 3_000) : 0,
                random.nextInt(1, window + 1),
                random.nextInt(1, 1_000),
                random.nextInt(1, 5));
    }

    private record Call(long ticket, int generation, long began) {}

    private record Result(boolean failed, boolean slow, long at) {}

    private static final class Model {

        final BreakerSettings settings;
        BreakerState state = BreakerState.CLOSED;
        int generation = 1;
        long since;
        int granted;
        int passed;
        List<Result> results = new ArrayList<>();

        Model(BreakerSettings settings) {
            this.settings = settings;
        }

        /** The generation that admits, or 0. */
        int enter(long now) {
            if (state == BreakerState.OPEN && now >= since + settings.openForNanos()) {
                move(BreakerState.HALF_OPEN, now);
            }
            if (state == BreakerState.HALF_OPEN) {
                if (granted == settings.probes() && now >= since + settings.openForNanos()) {
                    granted = 0;
                    since = now;
                }
                return granted++ < settings.probes() ? generation : cancelGrant();
            }
            return state == BreakerState.CLOSED ? generation : 0;
        }

        private int cancelGrant() {
            granted--;
            return 0;
        }

        void ended(int of, boolean failed, long began, long now) {
            boolean slow = settings.slowerThanNanos() > 0 && now - began >= settings.slowerThanNanos();
            if (of != generation) {
                return;
            }
            if (state == BreakerState.HALF_OPEN) {
                if (failed || slow) {
                    move(BreakerState.OPEN, now);
                } else if (++passed == settings.probes()) {
                    move(BreakerState.CLOSED, now);
                }
                return;
            }
            results.add(new Result(failed, slow, now));
            List<Result> inWindow = inWindow(now);
            double calls = inWindow.size();
            double failures = inWindow.stream().filter(Result::failed).count();
            double slowCalls = inWindow.stream().filter(Result::slow).count();
            if (calls >= settings.minCalls()
                    && (failures * 100 >= settings.failureRate() * calls
                            || (settings.slowerThanNanos() > 0 && slowCalls * 100 >= settings.slowRate() * calls))) {
                move(BreakerState.OPEN, now);
            }
        }

        private List<Result> inWindow(long now) {
            if (settings.windowTimeNanos() == 0) {
                return results.subList(Math.max(0, results.size() - settings.window()), results.size());
            }
            long slice = (settings.windowTimeNanos() + TimeWindow.SLICES - 1) / TimeWindow.SLICES;
            return results.stream()
                    .filter(result -> (now - since) / slice - (result.at - since) / slice < TimeWindow.SLICES)
                    .toList();
        }

        long retryAfter(long now) {
            return switch (state) {
                case CLOSED -> 0;
                case OPEN -> Math.max(0, since + settings.openForNanos() - now);
                case HALF_OPEN -> granted == settings.probes() && now < since + settings.openForNanos() ? -1 : 0;
            };
        }

        private void move(BreakerState to, long now) {
            state = to;
            generation++;
            since = now;
            granted = 0;
            passed = 0;
            results = new ArrayList<>();
        }
    }
}
