package dev.holdfast.runtime.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Session;
import dev.holdfast.SessionConflictException;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions with ids of the application's own, in one JVM, in virtual time. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // bodies give whatever their method does
final class SessionPolicyTest {

    private static final String PLAIN = "@SharedSession(id=\"{#0}\")";

    /** What a body does. */
    private interface Body {
        @Nullable
        Object run() throws Throwable;
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Shop {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        static Object visit(String id, Body body) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static @Nullable Object visit$holdfast(String id, Body body) throws Throwable {
            return body.run();
        }

        static Object inner(String id, Body body) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static @Nullable Object inner$holdfast(String id, Body body) throws Throwable {
            return body.run();
        }

        static CompletionStage<Object> later(String id, Body body) {
            throw new AssertionError("the wrapper is not called here");
        }

        @SuppressWarnings("unchecked")
        private static @Nullable CompletionStage<Object> later$holdfast(String id, Body body) throws Throwable {
            return (CompletionStage<Object>) body.run();
        }
    }

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final Woven.Jvm jvm = new Woven.Jvm(time);
    private @Nullable Woven visit;

    private @Nullable Object as(String definition, Body body) throws Throwable {
        Woven woven = visit;
        if (woven == null) {
            woven = jvm.method(Shop.LOOKUP, "visit", definition);
            visit = woven;
        }
        return woven.call(null, "ann", body);
    }

    private @Nullable Object visit(Body body) throws Throwable {
        return as(PLAIN, body);
    }

    private @Nullable Object stored(String name) throws Throwable {
        return visit(() -> Session.current().get(name));
    }

    private void set(String name, Object value) throws Throwable {
        visit(() -> {
            Session.current().set(name, value);
            return null;
        });
    }

    @Test
    void keeps_what_is_set_from_one_call_to_the_next() throws Throwable {
        set("user", "Ann");
        assertThat(stored("user")).isEqualTo("Ann");
        assertThat(stored("other")).isNull();
    }

    /** All who are nobody would share one. */
    @ParameterizedTest
    @CsvSource(
            value = {"{#0};null", "{#0}{#0};null", "{#0};''", "{#0.trim()};' '", "{#0.trim()};null"},
            delimiter = ';',
            nullValues = "null")
    void is_not_for_an_id_that_says_nothing(String id, @Nullable String given) throws Throwable {
        Woven woven = jvm.method(Shop.LOOKUP, "visit", "@SharedSession(id=\"" + id + "\")");
        Body never = () -> {
            throw new AssertionError("it is not called");
        };
        assertThatThrownBy(() -> woven.call(null, given, never))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("@SharedSession id gives " + (given == null ? "null" : "an empty text"))
                .hasMessageContaining("expected: a text that tells sessions apart");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"user {#0};null", "{#0};nothing"},
            delimiter = ';',
            nullValues = "null")
    void takes_a_null_within_an_id_for_text(String id, @Nullable String given) throws Throwable {
        Woven woven = jvm.method(Shop.LOOKUP, "visit", "@SharedSession(id=\"" + id + "\")");
        Body body = () -> Session.current().id();
        assertThat(woven.call(null, given, body)).isEqualTo(id.replace("{#0}", String.valueOf(given)));
    }

    /** What comes just as the call ends was lost at times, and nobody was told. */
    @Test
    void saves_or_refuses_what_another_thread_does_at_the_end_of_the_call() throws Throwable {
        for (int i = 0; i < 200; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<@Nullable Integer> last = new AtomicReference<>();
            CompletableFuture<Void> other = new CompletableFuture<>();
            visit(() -> {
                Session session = Session.current();
                new Thread(() -> {
                            try {
                                for (int n = 0; ; n++) {
                                    session.set("n", n);
                                    last.set(n);
                                    begun.countDown();
                                }
                            } catch (IllegalStateException over) {
                                other.complete(null);
                            } catch (Throwable unexpected) {
                                other.completeExceptionally(unexpected);
                            }
                        })
                        .start();
                return begun.await(20, TimeUnit.SECONDS);
            });
            other.get(20, TimeUnit.SECONDS);
            assertThat(stored("n")).isEqualTo(last.get());
        }
    }

    @Test
    void is_nowhere_but_inside_of_a_call() throws Throwable {
        AtomicReference<Session> kept = new AtomicReference<>();
        visit(() -> {
            kept.set(Session.current());
            return null;
        });
        assertThatThrownBy(Session::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@SharedSession");
        assertThatThrownBy(() -> requireNonNull(kept.get()).get("user"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is over");
        visit(() -> {
            Thread other =
                    new Thread(() -> assertThatThrownBy(Session::current).isInstanceOf(IllegalStateException.class));
            other.start();
            other.join();
            return null;
        });
    }

    @Test
    void leaves_nothing_behind_of_an_attempt_that_fails() throws Throwable {
        set("count", 1);
        assertThatThrownBy(() -> visit(() -> {
                    Session session = Session.current();
                    session.set("count", 2);
                    session.set("more", 3);
                    session.invalidate();
                    session.set("again", 4);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(visit(() -> Session.current().names())).isEqualTo(java.util.Set.of("count"));
        assertThat(stored("count")).isEqualTo(1);
    }

    @Test
    void begins_each_attempt_with_what_is_stored() throws Throwable {
        set("count", 1);
        visit = null;
        List<@Nullable Object> seen = new ArrayList<>();
        Woven.Jvm retrying = jvm;
        Woven woven = retrying.method(Shop.LOOKUP, "inner", "@Recover(attempts=3,delay=\"0s\")\n" + PLAIN);
        woven.call(null, "ann", (Body) () -> {
            Session session = Session.current();
            Integer count = session.get("count", Integer.class);
            seen.add(count);
            session.set("count", requireNonNull(count) + 1);
            if (seen.size() < 3) {
                throw new IllegalStateException("not yet");
            }
            return null;
        });
        assertThat(seen).containsExactly(1, 1, 1);
        assertThat(stored("count")).isEqualTo(2);
    }

    @Test
    void finds_what_was_changed_in_place() throws Throwable {
        set("cart", new ArrayList<>(List.of("apple")));
        visit(() -> {
            Session session = Session.current();
            @SuppressWarnings("unchecked")
            List<String> cart = requireNonNull((List<String>) session.get("cart"));
            cart.add("pear");
            assertThat(session.get("cart")).isSameAs(cart);
            return null;
        });
        assertThat(stored("cart")).isEqualTo(List.of("apple", "pear"));
    }

    @Test
    void saves_a_value_as_it_is_when_the_attempt_ends() throws Throwable {
        visit(() -> {
            List<String> cart = new ArrayList<>();
            Session.current().set("cart", cart);
            cart.add("apple");
            return null;
        });
        assertThat(stored("cart")).isEqualTo(List.of("apple"));
    }

    @Test
    void merges_what_calls_do_at_the_same_time() throws Throwable {
        set("a", 0);
        visit(() -> {
            assertThat(Session.current().get("a")).isEqualTo(0);
            inAnotherCall(() -> set("b", 1));
            Session.current().set("a", 2);
            return null;
        });
        assertThat(stored("a")).isEqualTo(2);
        assertThat(stored("b")).isEqualTo(1);
    }

    @Test
    void fails_where_another_call_has_changed_what_it_has_read() throws Throwable {
        String fails = "@SharedSession(id=\"{#0}\",conflict=FAIL)";
        as(fails, () -> {
            Session.current().set("a", 0);
            return null;
        });
        assertThatThrownBy(() -> as(fails, () -> {
                    Session.current().get("a");
                    inAnotherCall(() -> set("a", 1));
                    Session.current().set("b", 2);
                    return null;
                }))
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("visit(");
        assertThat(stored("b")).isNull();
        as(fails, () -> {
            Session.current().set("b", 2);
            inAnotherCall(() -> set("a", 3));
            return null;
        });
        assertThat(stored("b")).isEqualTo(2);
        assertThat(stored("a")).isEqualTo(3);
    }

    private interface Action {
        void run() throws Throwable;
    }

    private static void inAnotherCall(Action action) throws Throwable {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
        thread.start();
        thread.join();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    @Test
    void never_comes_back_once_it_was_invalidated() throws Throwable {
        set("user", "Ann");
        visit(() -> {
            Session.current().get("user");
            Session.current().set("late", 1);
            inAnotherCall(() -> visit(() -> {
                Session.current().invalidate();
                return null;
            }));
            return null;
        });
        assertThat(visit(() -> Session.current().names())).isEqualTo(java.util.Set.of());
    }

    @Test
    void begins_anew_with_what_is_set_after_it_was_invalidated() throws Throwable {
        set("user", "Ann");
        visit(() -> {
            Session session = Session.current();
            session.set("lost", 1);
            session.invalidate();
            assertThat(session.get("user")).isNull();
            assertThat(session.names()).isEmpty();
            assertThat(session.isNew()).isTrue();
            session.set("bye", "see you");
            return null;
        });
        assertThat(visit(() -> Session.current().names())).isEqualTo(java.util.Set.of("bye"));
    }

    @Test
    void is_made_with_the_first_value_and_not_before() throws Throwable {
        String mustBeThere = "@SharedSession(id=\"{#0}\",create=false)";
        Woven inner = jvm.method(Shop.LOOKUP, "inner", mustBeThere);
        Body reads = () -> Session.current().get("user");
        visit(() -> {
            Session.current().get("user");
            Session.current().remove("user");
            assertThat(Session.current().isNew()).isTrue();
            return null;
        });
        assertThatThrownBy(() -> inner.call(null, "ann", reads))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("create = false");
        set("user", "Ann");
        assertThat(inner.call(null, "ann", reads)).isEqualTo("Ann");
    }

    @Test
    void ends_when_nobody_uses_it_and_when_it_is_old() throws Throwable {
        set("user", "Ann");
        for (int minutes = 0; minutes < 11 * 60 + 40; minutes += 20) {
            time.advance(TimeUnit.MINUTES.toNanos(20));
            assertThat(stored("user")).isEqualTo("Ann");
        }
        time.advance(TimeUnit.MINUTES.toNanos(20));
        assertThat(stored("user")).as("after 12 hours").isNull();
        set("user", "Bob");
        time.advance(TimeUnit.MINUTES.toNanos(32));
        assertThat(stored("user")).isNull();
    }

    @Test
    void is_used_also_by_a_call_that_does_not_ask_for_it() throws Throwable {
        set("user", "Ann");
        for (int minutes = 0; minutes < 100; minutes += 20) {
            time.advance(TimeUnit.MINUTES.toNanos(20));
            visit(() -> null);
        }
        assertThat(stored("user")).isEqualTo("Ann");
    }

    @Test
    void tells_when_it_was_made_and_used() throws Throwable {
        set("user", "Ann");
        Object created = visit(() -> Session.current().createdAt());
        time.advance(TimeUnit.MINUTES.toNanos(5));
        stored("user");
        time.advance(TimeUnit.MINUTES.toNanos(5));
        visit(() -> {
            Session session = Session.current();
            assertThat(session.createdAt()).isEqualTo(created);
            assertThat(session.lastUsedAt()).isEqualTo(session.createdAt().plusSeconds(300));
            assertThat(session.id()).isEqualTo("ann");
            assertThat(session.isNew()).isFalse();
            assertThatThrownBy(session::renewId)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("template");
            return null;
        });
    }

    @Test
    void is_one_with_that_of_a_call_around_it() throws Throwable {
        Woven inner = jvm.method(Shop.LOOKUP, "inner", PLAIN);
        set("seen", new ArrayList<>(List.of("a")));
        visit(() -> {
            Session outer = Session.current();
            @SuppressWarnings("unchecked")
            List<String> seen = requireNonNull((List<String>) outer.get("seen"));
            seen.add("b");
            outer.set("outer", 1);
            inner.call(null, "ann", (Body) () -> {
                assertThat(Session.current()).isNotSameAs(outer);
                assertThat(Session.current().get("seen")).isEqualTo(List.of("a", "b"));
                assertThat(Session.current().get("outer")).isEqualTo(1);
                Session.current().set("inner", 2);
                return null;
            });
            assertThat(Session.current()).isSameAs(outer);
            assertThat(outer.get("inner")).isEqualTo(2);
            assertThatThrownBy(() -> inner.call(null, "ann", (Body) () -> {
                        Session.current().set("failed", 3);
                        Session.current().remove("outer");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(outer.names()).containsExactlyInAnyOrder("seen", "outer", "inner");
            inAnotherCall(() -> assertThat(stored("inner"))
                    .as("not before the outer call ends")
                    .isNull());
            return null;
        });
        assertThat(stored("inner")).isEqualTo(2);
        assertThat(stored("seen")).isEqualTo(List.of("a", "b"));
    }

    @Test
    void is_lost_with_the_call_around_it() throws Throwable {
        Woven inner = jvm.method(Shop.LOOKUP, "inner", PLAIN);
        assertThatThrownBy(() -> visit(() -> {
                    inner.call(null, "ann", (Body) () -> {
                        Session.current().set("inner", 2);
                        return null;
                    });
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(stored("inner")).isNull();
    }

    @Test
    void can_be_invalidated_by_a_call_inside() throws Throwable {
        Woven inner = jvm.method(Shop.LOOKUP, "inner", PLAIN);
        set("user", "Ann");
        visit(() -> {
            Session.current().get("user");
            inner.call(null, "ann", (Body) () -> {
                Session.current().invalidate();
                Session.current().set("bye", 1);
                return null;
            });
            assertThat(Session.current().names()).containsExactly("bye");
            return null;
        });
        assertThat(visit(() -> Session.current().names())).isEqualTo(java.util.Set.of("bye"));
    }

    @Test
    void tells_who_wants_to_hear_of_conflicts_that_the_session_has_ended() throws Throwable {
        String fails = "@SharedSession(id=\"{#0}\",conflict=FAIL)";
        for (boolean again : new boolean[] {false, true}) {
            as(fails, () -> {
                Session.current().set("user", "Ann");
                return null;
            });
            assertThatThrownBy(() -> as(fails, () -> {
                        Session.current().get("user");
                        Session.current().set("late", 1);
                        inAnotherCall(() -> visit(() -> {
                            Session.current().invalidate();
                            if (again) {
                                Session.current().set("user", "Bob");
                            }
                            return null;
                        }));
                        return null;
                    }))
                    .as("made again: " + again)
                    .isInstanceOf(SessionConflictException.class)
                    .hasMessageContaining("has ended")
                    .hasMessageContaining("visit(");
            assertThat(stored("user")).isEqualTo(again ? "Bob" : null);
            assertThat(stored("late")).isNull();
        }
    }

    @Test
    void lets_a_call_inside_make_the_session_that_the_one_around_it_may_not() throws Throwable {
        Woven inner = jvm.method(Shop.LOOKUP, "inner", PLAIN);
        as("@SharedSession(id=\"{#0}\",create=false)", () -> {
            assertThatThrownBy(Session::current)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("create = false");
            inner.call(null, "ann", (Body) () -> {
                Session.current().set("user", "Ann");
                return null;
            });
            assertThat(Session.current().get("user")).isEqualTo("Ann");
            return null;
        });
        assertThat(inner.call(null, "ann", (Body) () -> Session.current().get("user")))
                .isEqualTo("Ann");
    }

    @Test
    void fails_where_a_call_inside_wants_to_hear_of_conflicts_for_what_that_one_has_read() throws Throwable {
        Woven inner = jvm.method(Shop.LOOKUP, "inner", "@SharedSession(id=\"{#0}\",conflict=FAIL)");
        set("a", 0);
        set("b", 0);
        for (String other : new String[] {"a", "b"}) {
            Body body = () -> {
                Session.current().get("b");
                inner.call(null, "ann", (Body) () -> Session.current().get("a"));
                inAnotherCall(() -> set(other, 1));
                Session.current().set("c", other);
                return null;
            };
            if (other.equals("a")) {
                assertThatThrownBy(() -> visit(body))
                        .isInstanceOf(SessionConflictException.class)
                        .hasMessageContaining("\"a\"");
            } else {
                visit(body);
            }
        }
        assertThat(stored("c")).isEqualTo("b");
    }

    @Test
    void counts_the_removal_of_what_is_not_there_as_a_write() throws Throwable {
        set("a", 0);
        visit(() -> {
            Session.current().remove("new");
            inAnotherCall(() -> set("new", 1));
            return null;
        });
        assertThat(stored("new")).as("what was committed last").isNull();
        visit = null;
        assertThatThrownBy(() -> as("@SharedSession(id=\"{#0}\",conflict=FAIL)", () -> {
                    Session.current().remove("new");
                    inAnotherCall(() -> set("new", 1));
                    return null;
                }))
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContaining("\"new\"");
        assertThat(stored("new")).isEqualTo(1);
    }

    @Test
    void is_another_one_inside_where_the_id_is_another() throws Throwable {
        Woven inner = jvm.method(Shop.LOOKUP, "inner", PLAIN);
        visit(() -> {
            Session outer = Session.current();
            inner.call(null, "bob", (Body) () -> {
                Session.current().set("name", "Bob");
                assertThat(Session.current().id()).isEqualTo("bob");
                return null;
            });
            assertThat(Session.current()).isSameAs(outer);
            outer.set("name", "Ann");
            return null;
        });
        assertThat(inner.call(null, "bob", (Body) () -> Session.current().get("name")))
                .isEqualTo("Bob");
        assertThat(stored("name")).isEqualTo("Ann");
    }

    @Test
    void lasts_until_the_stage_completes() throws Throwable {
        Woven later = jvm.method(Shop.LOOKUP, "later", PLAIN);
        CompletableFuture<Object> stage = new CompletableFuture<>();
        AtomicReference<Session> session = new AtomicReference<>();
        @SuppressWarnings("unchecked")
        CompletableFuture<Object> call =
                (CompletableFuture<Object>) requireNonNull(later.call(null, "ann", (Body) () -> {
                    session.set(Session.current());
                    return stage;
                }));
        assertThatThrownBy(Session::current).isInstanceOf(IllegalStateException.class);
        requireNonNull(session.get()).set("user", "Ann");
        assertThat(stored("user")).isNull();
        stage.complete("done");
        assertThat(call).isCompletedWithValue("done");
        assertThat(stored("user")).isEqualTo("Ann");
    }

    /** It was told to ask for its session anew, which it had done. */
    @Test
    void says_what_to_do_where_a_stage_outlives_the_call_around_it() throws Throwable {
        Woven later = jvm.method(Shop.LOOKUP, "later", PLAIN);
        CompletableFuture<Object> stage = new CompletableFuture<>();
        AtomicReference<@Nullable CompletableFuture<?>> inner = new AtomicReference<>();
        visit(() -> {
            Session.current().set("outer", 1);
            inner.set((CompletableFuture<?>) later.call(null, "ann", (Body) () -> {
                Session.current().set("inner", 1);
                return stage;
            }));
            return null;
        });
        stage.complete("done");
        assertThatThrownBy(requireNonNull(inner.get())::join)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("later(String, Body): it has the session of ")
                .hasMessageContaining("visit(String, Body), which has ended before it")
                .hasMessageContaining("expected: an outer method that waits for it or returns its stage");
        assertThat(stored("outer")).isEqualTo(1);
        assertThat(stored("inner")).isNull();
    }

    @Test
    void leaves_nothing_behind_of_a_stage_that_fails_or_is_cancelled() throws Throwable {
        Woven later = jvm.method(Shop.LOOKUP, "later", PLAIN);
        CompletableFuture<Object> stage = new CompletableFuture<>();
        Body sets = () -> {
            Session.current().set("user", "Ann");
            return stage;
        };
        later.call(null, "ann", sets);
        stage.completeExceptionally(new IllegalStateException("no"));
        CompletableFuture<?> cancelled = (CompletableFuture<?>) requireNonNull(later.call(null, "ann", (Body) () -> {
            Session.current().set("user", "Ann");
            return new CompletableFuture<>();
        }));
        cancelled.cancel(true);
        assertThat(stored("user")).isNull();
    }

    @Test
    void refuses_at_once_what_cannot_be_stored() {
        assertThatThrownBy(() -> set("lock", new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"lock\"")
                .hasMessageContaining("holdfast.session.allow=java.lang.Object")
                .hasMessageContaining("visit(");
    }

    @Test
    void gives_a_value_of_the_type_that_is_asked_for_or_none() throws Throwable {
        set("number", 42);
        visit(() -> {
            Session session = Session.current();
            assertThat(session.get("number", Integer.class)).isEqualTo(42);
            assertThat(session.get("number", int.class)).isEqualTo(42);
            assertThat(session.get("number", Long.class)).isEqualTo(42L);
            assertThat(session.get("number", Object.class)).isEqualTo(42);
            assertThat(session.get("number", String.class)).isNull();
            assertThat(session.get("nothing", String.class)).isNull();
            return null;
        });
    }

    @Test
    void takes_no_more_than_it_may() throws Throwable {
        Woven.Jvm small = new Woven.Jvm(time, Map.of("holdfast.session.limit", "2000"));
        Woven woven = small.method(Shop.LOOKUP, "visit", PLAIN);
        assertThatThrownBy(() -> woven.call(null, "ann", (Body) () -> {
                    Session.current().set("small", "x".repeat(1000));
                    Session.current().set("large", "x".repeat(1000));
                    return null;
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holdfast.session.limit");
        assertThatThrownBy(() -> woven.call(null, "ann", (Body) () -> {
                    List<String> growing = new ArrayList<>();
                    Session.current().set("growing", growing);
                    growing.add("x".repeat(2000));
                    return null;
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                | id must be given on a method that is handed no HTTP",
                "id=\"{nobody}\"                 | id \"{nobody}\"",
                "id=\"{#0}\",cookie=\"a b\"      | cookie must be 1 to 64 letters",
                "id=\"{#0}\",cookie=\"\"         | cookie must be",
                "id=\"{#0}\",idleTimeout=\"\",maxAge=\"\" | maxAge must be given where idleTimeout is none",
                "id=\"{#0}\",idleTimeout=\"0s\"  | idleTimeout must be 1ms or more",
                "id=\"{#0}\",maxAge=\"soon\"     | maxAge must be a whole number and a unit",
                "id=\"{#0}\",conflict=NEVER      | conflict must be one of MERGE, FAIL",
            })
    void refuses_a_definition_that_makes_no_sense(@Nullable String attributes, String fault) {
        String definition = "@SharedSession(" + (attributes == null ? "" : attributes) + ")";
        assertThatThrownBy(() -> as(definition, () -> null)).hasMessageContaining(fault);
    }

    @ParameterizedTest
    @CsvSource({"'',2d,47,2", "3d,'',71,10000"})
    void ends_by_its_age_or_its_use_alone_where_the_other_is_none(
            String idleTimeout, String maxAge, int unusedHours, int days) throws Throwable {
        String definition = "@SharedSession(id=\"{#0}\",idleTimeout=\"" + idleTimeout + "\",maxAge=\"" + maxAge + "\")";
        Body reads = () -> Session.current().get("a");
        as(definition, () -> {
            Session.current().set("a", 1);
            return null;
        });
        time.advance(TimeUnit.HOURS.toNanos(unusedHours));
        assertThat(as(definition, reads)).isEqualTo(1);
        for (int day = 2; day < days; day++) {
            time.jump(TimeUnit.DAYS.toNanos(1));
            assertThat(as(definition, reads)).isEqualTo(1);
        }
        time.advance(TimeUnit.HOURS.toNanos(unusedHours + 2));
        assertThat(as(definition, reads)).isNull();
    }

    @Test
    void refuses_an_id_that_is_empty() {
        Woven woven = jvm.method(Shop.LOOKUP, "visit", PLAIN);
        assertThatThrownBy(() -> woven.call(null, "", (Body) () -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
    }
}
