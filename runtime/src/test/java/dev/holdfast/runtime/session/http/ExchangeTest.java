package dev.holdfast.runtime.session.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Session;
import dev.holdfast.SessionUnavailableException;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions with a cookie, on a real server of the JDK's. */
@Timeout(60)
@SuppressWarnings({"NullAway.Init", "FutureReturnValueIgnored"
}) // set before each; bodies give whatever their method does
final class ExchangeTest {

    private interface Body {
        @Nullable
        Object run(HttpExchange exchange) throws Throwable;
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Web {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        static void handle(HttpExchange exchange, Body body) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static void handle$holdfast(HttpExchange exchange, Body body) throws Throwable {
            body.run(exchange);
        }

        static void inner(HttpExchange exchange, Body body) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static void inner$holdfast(HttpExchange exchange, Body body) throws Throwable {
            body.run(exchange);
        }

        static CompletionStage<Object> later(HttpExchange exchange, Body body) {
            throw new AssertionError("the wrapper is not called here");
        }

        @SuppressWarnings("unchecked")
        private static @Nullable CompletionStage<Object> later$holdfast(HttpExchange exchange, Body body)
                throws Throwable {
            return (CompletionStage<Object>) body.run(exchange);
        }
    }

    private final Woven.Jvm jvm = new Woven.Jvm(Time.SYSTEM, Map.of("holdfast.session.response", "1000"));
    private final AtomicReference<Body> body = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private ExecutorService threads;
    private HttpServer server;
    private Woven handle;
    private String cookie = "";

    @BeforeEach
    void start() throws IOException {
        threads = Executors.newCachedThreadPool();
        handle = jvm.method(Web.LOOKUP, "handle", "@SharedSession()");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try {
                handle.call(null, exchange, requireNonNull(body.get()));
            } catch (Throwable thrown) {
                failure.set(thrown);
                exchange.close();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private HttpResponse<String> ask(Body what) throws Exception {
        return ask(what, "GET");
    }

    /** As a browser does. */
    private HttpResponse<String> ask(Body what, String method) throws Exception {
        body.set(what);
        failure.set(null);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .timeout(java.time.Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!cookie.isEmpty()) {
            request.header("Cookie", "other=1; HSESSION=" + cookie);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        response.headers().allValues("Set-Cookie").forEach(this::take);
        return response;
    }

    private void take(String header) {
        assertThat(header).startsWith("HSESSION=");
        String value = header.substring("HSESSION=".length(), header.indexOf(';'));
        cookie = header.contains("Max-Age=0") ? "" : value;
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private @Nullable Object stored(String name) throws Exception {
        AtomicReference<@Nullable Object> found = new AtomicReference<>();
        ask(exchange -> {
            found.set(Session.current().get(name));
            send(exchange, "ok");
            return null;
        });
        return found.get();
    }

    private void setUser(Object user) throws Exception {
        ask(exchange -> {
            Session.current().set("user", user);
            send(exchange, "ok");
            return null;
        });
    }

    @Test
    void gives_a_cookie_with_the_first_value_and_not_before() throws Exception {
        HttpResponse<String> nothing = ask(exchange -> {
            assertThat(Session.current().get("user")).isNull();
            send(exchange, "ok");
            return null;
        });
        assertThat(nothing.headers().firstValue("Set-Cookie")).isEmpty();
        HttpResponse<String> made = ask(exchange -> {
            send(exchange, "closed before the value was set");
            Session.current().set("user", "Ann");
            return null;
        });
        assertThat(made.body()).isEqualTo("closed before the value was set");
        assertThat(made.headers().firstValue("Set-Cookie").orElse(""))
                .matches("HSESSION=[\\w-]{8}\\.[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax");
        assertThat(stored("user")).isEqualTo("Ann");
        assertThat(ask(exchange -> {
                            Session.current().set("user", "Bob");
                            send(exchange, "ok");
                            return null;
                        })
                        .headers()
                        .firstValue("Set-Cookie"))
                .isEmpty();
    }

    @Test
    void takes_no_id_that_was_not_issued() throws Exception {
        for (String forged : List.of("x", "AAAAAAAA." + "A".repeat(43), "AAAAAAAA." + "A".repeat(42) + "!", "a;b")) {
            cookie = forged;
            setUser("Eve");
            assertThat(cookie).isNotEqualTo(forged).isNotEmpty();
            String own = cookie;
            cookie = forged;
            assertThat(stored("user")).isNull();
            cookie = own;
            assertThat(stored("user")).isEqualTo("Eve");
        }
    }

    @Test
    void finds_its_cookie_among_others_of_the_same_name() throws Exception {
        setUser("Ann");
        cookie = "AAAAAAAA." + "A".repeat(43) + "; HSESSION=" + cookie;
        assertThat(stored("user")).isEqualTo("Ann");
    }

    @Test
    void ends_with_its_cookie() throws Exception {
        setUser("Ann");
        String before = cookie;
        HttpResponse<String> ended = ask(exchange -> {
            Session.current().invalidate();
            send(exchange, "bye");
            return null;
        });
        assertThat(ended.headers().firstValue("Set-Cookie").orElse("")).startsWith("HSESSION=; Max-Age=0;");
        cookie = before;
        assertThat(stored("user")).isNull();
    }

    @Test
    void begins_another_one_after_it_was_ended() throws Exception {
        setUser("Ann");
        String before = cookie;
        AtomicReference<String> id = new AtomicReference<>();
        ask(exchange -> {
            Session.current().invalidate();
            Session.current().set("user", "Bob");
            id.set(Session.current().id());
            send(exchange, "ok");
            return null;
        });
        assertThat(cookie).isEqualTo(id.get()).isNotEqualTo(before);
        assertThat(stored("user")).isEqualTo("Bob");
        cookie = before;
        assertThat(stored("user")).isNull();
    }

    @Test
    void gets_another_id_and_keeps_its_values() throws Exception {
        setUser("Ann");
        String before = cookie;
        AtomicReference<String> id = new AtomicReference<>();
        ask(exchange -> {
            id.set(Session.current().renewId());
            assertThat(Session.current().id()).isEqualTo(id.get());
            assertThat(Session.current().get("user")).isEqualTo("Ann");
            send(exchange, "ok");
            return null;
        });
        assertThat(cookie).isEqualTo(id.get()).isNotEqualTo(before);
        assertThat(stored("user")).isEqualTo("Ann");
        cookie = before;
        assertThat(stored("user")).isNull();
    }

    @Test
    void sends_nothing_of_an_attempt_that_fails() throws Exception {
        Woven retrying = jvm.method(Web.LOOKUP, "inner", "@Recover(attempts=2,delay=\"0s\")\n@SharedSession()");
        AtomicInteger attempts = new AtomicInteger();
        handle = retrying;
        HttpResponse<String> response = ask(exchange -> {
            boolean first = attempts.incrementAndGet() == 1;
            exchange.getResponseHeaders().add("X-Attempt", String.valueOf(attempts));
            Session.current().set("attempt" + attempts, 1);
            send(exchange, first ? "failing" : "good");
            if (first) {
                throw new IllegalStateException("no");
            }
            return null;
        });
        assertThat(response.body()).isEqualTo("good");
        assertThat(response.headers().allValues("X-Attempt")).containsExactly("2");
        handle = jvm.method(Web.LOOKUP, "handle", "@SharedSession()");
        assertThat(stored("attempt1")).isNull();
        assertThat(stored("attempt2")).isEqualTo(1);
    }

    @Test
    void lets_a_failure_be_answered_in_place_of_what_was_held() throws Exception {
        handle = jvm.method(Web.LOOKUP, "inner", "@Recover()\n@SharedSession()");
        HttpResponse<String> response = ask(exchange -> {
            Session.current().set("user", "Ann");
            send(exchange, "all is well");
            throw new IllegalStateException("it is not");
        });
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"error\":\"Internal Server Error\"}");
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void holds_the_response_until_the_method_returns() throws Exception {
        AtomicReference<Boolean> sent = new AtomicReference<>();
        body.set(exchange -> {
            Session.current().set("user", "Ann");
            send(exchange, "ok");
            return null;
        });
        handle = jvm.method(Web.LOOKUP, "inner", "@SharedSession()");
        HttpExchange[] real = new HttpExchange[1];
        server.createContext("/real", exchange -> {
            real[0] = exchange;
            try {
                handle.call(null, exchange, (Body) held -> {
                    Session.current().set("user", "Ann");
                    send(held, "ok");
                    sent.set(real[0].getResponseCode() != -1);
                    assertThat(held.getResponseCode()).isEqualTo(200);
                    return null;
                });
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/real"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("ok");
        assertThat(sent.get()).isFalse();
    }

    @Test
    void streams_what_is_too_large_and_saves_the_session_before() throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        body.set(exchange -> {
            Session.current().set("early", 1);
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write("x".repeat(900).getBytes(UTF_8));
            out.write("y".repeat(900).getBytes(UTF_8));
            assertThat(looked.await(20, TimeUnit.SECONDS)).isTrue();
            Session.current().set("late", 2);
            out.close();
            return null;
        });
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            List<String> head = new ArrayList<>();
            for (String line = in.readLine(); !requireNonNull(line).isEmpty(); line = in.readLine()) {
                head.add(line);
                if (line.startsWith("Set-cookie")) {
                    take(line.substring("Set-cookie: ".length()));
                }
            }
            assertThat(head.get(0)).contains("200");
            assertThat(stored("early")).as("before the method has returned").isEqualTo(1);
            assertThat(stored("late")).isNull();
            looked.countDown();
            while (in.readLine() != null) {
                // to the end
            }
        }
        assertThat(stored("late")).isEqualTo(2);
    }

    @Test
    void saves_the_session_before_a_flush() throws Exception {
        HttpResponse<String> response = ask(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            Session.current().set("user", "Ann");
            out.write("first ".getBytes(UTF_8));
            out.flush();
            Session.current().set("more", 2);
            assertThatThrownBy(() -> Session.current().renewId()).isInstanceOf(IllegalStateException.class);
            out.write("second".getBytes(UTF_8));
            out.close();
            return null;
        });
        assertThat(response.body()).isEqualTo("first second");
        assertThat(stored("user")).isEqualTo("Ann");
        assertThat(stored("more")).isEqualTo(2);
    }

    /** A client that has as many bytes as it was told to expect waits for no more, however long the method goes on. */
    @Test
    void holds_the_end_of_what_is_of_known_length_until_the_session_is_saved() throws Exception {
        CountDownLatch whole = new CountDownLatch(1);
        AtomicReference<@Nullable Boolean> early = new AtomicReference<>();
        HttpResponse<String> response = ask(exchange -> {
            Session.current().set("user", "Ann");
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(new byte[100_000]);
            early.set(whole.await(100, TimeUnit.MILLISECONDS));
            Session.current().set("user", "Bob");
            exchange.close();
            return null;
        });
        whole.countDown();
        assertThat(response.body()).hasSize(100_000);
        assertThat(stored("user")).isEqualTo("Bob");
        assertThat(early.get()).isFalse();
    }

    @Test
    void begins_no_session_that_the_client_would_not_hear_of() throws Exception {
        ask(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            try {
                assertThatThrownBy(() -> Session.current().set("user", "Ann"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("response has begun");
            } finally {
                exchange.close();
            }
            return null;
        });
        assertThat(failure.get()).isNull();
        assertThat(cookie).isEmpty();
    }

    @Test
    void takes_responses_without_a_body_and_of_any_length() throws Exception {
        assertThat(ask(exchange -> {
                            Session.current().set("a", 1);
                            exchange.sendResponseHeaders(204, -1);
                            return null;
                        })
                        .statusCode())
                .isEqualTo(204);
        assertThat(cookie).isNotEmpty();
        HttpResponse<String> head = ask(
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Length", "5");
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                    return null;
                },
                "HEAD");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("5");
        assertThat(ask(exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().close();
                            return null;
                        })
                        .body())
                .isEmpty();
        assertThat(ask(exchange -> {
                            exchange.sendResponseHeaders(404, -1);
                            assertThatThrownBy(() -> exchange.sendResponseHeaders(200, -1))
                                    .isInstanceOf(IOException.class)
                                    .hasMessageContaining("already sent");
                            return null;
                        })
                        .statusCode())
                .isEqualTo(404);
        ask(exchange -> {
            assertThatThrownBy(() -> exchange.getResponseBody().write(1)).isInstanceOf(IOException.class);
            exchange.sendResponseHeaders(200, 3);
            assertThatThrownBy(() -> exchange.getResponseBody().write(new byte[4]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("too many bytes");
            assertThatThrownBy(() -> exchange.getResponseBody().close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("insufficient bytes");
            exchange.getResponseBody().write(new byte[3]);
            exchange.close();
            return null;
        });
        assertThat(failure.get()).isNull();
    }

    @Test
    void lets_another_thread_answer_later() throws Exception {
        HttpResponse<String> response = ask(exchange -> {
            Session.current().set("user", "Ann");
            threads.execute(() -> {
                try {
                    exchange.getResponseHeaders().set("X-By", "another");
                    send(exchange, "later");
                } catch (IOException failed) {
                    failure.set(failed);
                }
            });
            return null;
        });
        assertThat(response.body()).isEqualTo("later");
        assertThat(response.headers().firstValue("X-By")).contains("another");
        assertThat(stored("user")).isEqualTo("Ann");
    }

    @Test
    void holds_the_response_until_the_stage_completes() throws Exception {
        handle = jvm.method(Web.LOOKUP, "later", "@SharedSession()");
        HttpResponse<String> response = ask(exchange -> {
            Session session = Session.current();
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            send(exchange, "later");
                            session.set("user", "Ann");
                            return null;
                        } catch (IOException failed) {
                            throw new IllegalStateException(failed);
                        }
                    },
                    threads);
        });
        assertThat(response.body()).isEqualTo("later");
        handle = jvm.method(Web.LOOKUP, "handle", "@SharedSession()");
        assertThat(stored("user")).isEqualTo("Ann");
    }

    @Test
    void is_one_with_that_of_a_filter_around_it() throws Exception {
        Woven inner = jvm.method(Web.LOOKUP, "inner", "@SharedSession()");
        HttpResponse<String> response = ask(exchange -> {
            Session.current().set("outer", 1);
            exchange.getResponseHeaders().set("X-Outer", "1");
            try {
                inner.call(null, exchange, (Body) again -> {
                    assertThat(Session.current().get("outer")).isEqualTo(1);
                    Session.current().set("inner", 2);
                    send(again, "inner");
                    return null;
                });
            } catch (Throwable thrown) {
                throw new IllegalStateException(thrown);
            }
            assertThat(Session.current().get("inner")).isEqualTo(2);
            Session.current().set("after", 3);
            return null;
        });
        assertThat(failure.get()).isNull();
        assertThat(response.body()).isEqualTo("inner");
        assertThat(response.headers().firstValue("X-Outer")).contains("1");
        assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(stored("inner")).isEqualTo(2);
        assertThat(stored("after")).isEqualTo(3);
    }

    @Test
    void gives_its_cookie_along_with_an_answer_that_somebody_else_gives() throws Exception {
        server.createContext("/login", exchange -> {
            try {
                handle.call(null, exchange, (Body) held -> {
                    held.getResponseHeaders().set("X-From", "inside");
                    Session.current().set("user", "Ann");
                    return null;
                });
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
            exchange.getResponseHeaders().set("X-Also", "outside");
            send(exchange, "welcome");
        });
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/login"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("welcome");
        assertThat(response.headers().firstValue("X-From")).contains("inside");
        assertThat(response.headers().firstValue("X-Also")).contains("outside");
        assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
    }

    /** As an authenticator and a handler, which know nothing of each other. */
    private HttpResponse<String> askBoth(Body first, Body second) throws Exception {
        server.createContext("/both", exchange -> {
            try {
                handle.call(null, exchange, first);
                handle.call(null, exchange, second);
            } catch (Throwable thrown) {
                failure.set(thrown);
                exchange.close();
            }
        });
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/both"));
        if (!cookie.isEmpty()) {
            request.header("Cookie", "HSESSION=" + cookie);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        server.removeContext("/both");
        assertThat(failure.get()).isNull();
        response.headers().allValues("Set-Cookie").forEach(this::take);
        return response;
    }

    /** Each had a session of its own, and the cookie of the second was what the client kept. */
    @Test
    void is_one_with_that_of_a_call_before_in_the_same_exchange() throws Exception {
        HttpResponse<String> response = askBoth(
                exchange -> {
                    Session.current().set("user", "Ann");
                    return null;
                },
                exchange -> {
                    assertThat(Session.current().get("user")).isEqualTo("Ann");
                    Session.current().set("visits", 1);
                    send(exchange, "ok");
                    return null;
                });
        assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(stored("user")).isEqualTo("Ann");
        assertThat(stored("visits")).isEqualTo(1);
    }

    @Test
    void is_found_by_the_id_that_a_call_before_in_the_same_exchange_has_renewed() throws Exception {
        setUser("Ann");
        String before = cookie;
        HttpResponse<String> response = askBoth(exchange -> Session.current().renewId(), exchange -> {
            assertThat(Session.current().get("user")).isEqualTo("Ann");
            Session.current().set("visits", 1);
            Session.current().renewId();
            send(exchange, "ok");
            return null;
        });
        assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(cookie).isNotEqualTo(before);
        assertThat(stored("user")).isEqualTo("Ann");
        assertThat(stored("visits")).isEqualTo(1);
    }

    @Test
    void is_over_where_a_call_before_in_the_same_exchange_has_ended_it() throws Exception {
        setUser("Ann");
        HttpResponse<String> ended = askBoth(
                exchange -> {
                    Session.current().invalidate();
                    return null;
                },
                exchange -> {
                    assertThat(Session.current().names()).isEmpty();
                    send(exchange, "ok");
                    return null;
                });
        assertThat(ended.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .contains("Max-Age=0");
        assertThat(cookie).isEmpty();
        HttpResponse<String> begun = askBoth(
                exchange -> {
                    Session.current().set("user", "Ann");
                    Session.current().invalidate();
                    return null;
                },
                exchange -> {
                    Session.current().set("user", "Eve");
                    send(exchange, "ok");
                    return null;
                });
        assertThat(begun.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(stored("user")).isEqualTo("Eve");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"https | true", "HTTPS, http | true", "http, https | false", "'' | false"})
    void says_secure_behind_a_proxy_that_speaks_tls(String forwarded, boolean isSecure) throws Exception {
        HttpResponse<String> response;
        body.set(exchange -> {
            Session.current().set("user", "Ann");
            send(exchange, "ok");
            return null;
        });
        response = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                        .header("X-Forwarded-Proto", forwarded)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.headers().firstValue("Set-Cookie").orElse("").endsWith("; Secure"))
                .isEqualTo(isSecure);
    }

    @Test
    void sends_the_headers_that_were_there_when_they_were_sent() throws Exception {
        for (int length : new int[] {10, 2000}) { // held, and streamed
            HttpResponse<String> response = ask(exchange -> {
                Session.current().set("length", length);
                exchange.getResponseHeaders().set("X-Before", "1");
                exchange.sendResponseHeaders(200, length);
                exchange.getResponseHeaders().set("X-Late", "1");
                exchange.getResponseHeaders().remove("X-Before");
                exchange.getResponseBody().write(new byte[length]);
                exchange.close();
                return null;
            });
            assertThat(response.headers().firstValue("X-Before")).contains("1");
            assertThat(response.headers().firstValue("X-Late")).isEmpty();
        }
        assertThat(stored("length")).isEqualTo(2000);
    }

    /** It was refused when the method had returned, and its client waited for a response that nobody was going to send. */
    @Test
    @SuppressWarnings("NullAway") // which is what is wrong with it
    void refuses_at_once_what_the_exchange_would_refuse() throws Exception {
        HttpResponse<String> response = ask(exchange -> {
            Session.current().set("user", "Ann");
            assertThatThrownBy(() -> exchange.sendResponseHeaders(200, -5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Content-Length: -5");
            exchange.getResponseHeaders().set(null, "of nothing");
            assertThatThrownBy(() -> exchange.sendResponseHeaders(200, -1)).isInstanceOf(NullPointerException.class);
            exchange.getResponseHeaders().keySet().removeIf(java.util.Objects::isNull);
            send(exchange, "ok");
            return null;
        });
        assertThat(response.body()).isEqualTo("ok");
        assertThat(stored("user")).isEqualTo("Ann");
    }

    /** As is found out when the method has returned. */
    @Test
    @SuppressWarnings("NullAway")
    void ends_an_exchange_that_cannot_be_answered() {
        assertThatThrownBy(() -> ask(
                        exchange -> {
                            exchange.getResponseHeaders().add("X", "1");
                            exchange.getResponseHeaders().get("X").add(null);
                            return null;
                        },
                        "POST"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(java.net.http.HttpTimeoutException.class);
    }

    @Test
    void does_not_repeat_what_has_begun_to_answer() { // by POST, which a client does not repeat by itself
        handle = new Woven.Jvm(Time.SYSTEM, Map.of("holdfast.session.response", "1000"))
                .method(Web.LOOKUP, "handle", "@Recover(attempts=3,delay=\"0s\",respond=false)\n@SharedSession()");
        AtomicInteger runs = new AtomicInteger();
        for (boolean flushes : new boolean[] {true, false}) {
            runs.set(0);
            assertThatThrownBy(() -> ask(
                            exchange -> {
                                runs.incrementAndGet();
                                Session.current().set("n", 1);
                                exchange.sendResponseHeaders(200, 5000);
                                exchange.getResponseBody().write(new byte[flushes ? 1 : 2000]);
                                if (flushes) {
                                    exchange.getResponseBody().flush();
                                }
                                throw new IllegalStateException("the original");
                            },
                            "POST"))
                    .isInstanceOf(IOException.class);
            assertThat(runs).hasValue(1);
            assertThat(failure.get()).hasMessage("the original").hasNoSuppressedExceptions();
        }
        runs.set(0);
        assertThatThrownBy(() -> ask(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 10);
                            runs.incrementAndGet();
                            throw new IllegalStateException("held");
                        },
                        "POST"))
                .isInstanceOf(IOException.class);
        assertThat(runs).hasValue(3);
    }

    @Test
    void does_not_repeat_what_has_begun_to_answer_without_a_session_either() {
        handle = jvm.method(Web.LOOKUP, "inner", "@Recover(attempts=3,delay=\"0s\",respond=false)");
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> ask(
                        exchange -> {
                            runs.incrementAndGet();
                            exchange.sendResponseHeaders(200, 10);
                            throw new IllegalStateException("the original");
                        },
                        "POST"))
                .isInstanceOf(IOException.class);
        assertThat(runs).hasValue(1);
        assertThat(failure.get()).hasMessage("the original");
    }

    @Test
    void answers_that_its_session_is_away() throws Exception {
        HttpResponse<String> response = ask(exchange -> {
            exchange.sendResponseHeaders(200, 10);
            throw new SessionUnavailableException("away", new IOException());
        });
        assertThat(failure.get()).isNull();
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("{\"error\":\"Service Unavailable\"}");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void answers_for_no_other_failure_nor_where_a_recover_says_not_to_nor_for_what_has_begun() {
        assertThatThrownBy(() -> ask(exchange -> {
                    throw new IllegalStateException("another");
                }))
                .isInstanceOf(IOException.class);
        assertThat(failure.get()).hasMessage("another");
        assertThatThrownBy(() -> ask(exchange -> {
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().flush();
                    throw new SessionUnavailableException("begun", new IOException());
                }))
                .isInstanceOf(IOException.class);
        assertThat(failure.get()).hasMessage("begun");
        handle = new Woven.Jvm(Time.SYSTEM)
                .method(Web.LOOKUP, "handle", "@Recover(attempts=2,delay=\"0s\",respond=false)\n@SharedSession()");
        assertThatThrownBy(() -> ask(exchange -> {
                    throw new SessionUnavailableException("thrown", new IOException());
                }))
                .isInstanceOf(IOException.class);
        assertThat(failure.get()).hasMessage("thrown");
    }

    @Test
    void leaves_it_to_the_outer_call_that_the_session_is_away() throws Exception {
        Woven inner = jvm.method(Web.LOOKUP, "inner", "@SharedSession()");
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        HttpResponse<String> response = ask(exchange -> {
            try {
                inner.call(null, exchange, (Body) held -> {
                    throw new SessionUnavailableException("away", new IOException());
                });
            } catch (SessionUnavailableException away) {
                seen.set(away);
                throw away;
            }
            return null;
        });
        assertThat(seen.get()).hasMessage("away");
        assertThat(response.statusCode()).isEqualTo(503);
    }

    @Test
    void answers_for_a_stage_that_its_session_is_away() throws Exception {
        handle = jvm.method(Web.LOOKUP, "later", "@SharedSession()");
        HttpResponse<String> response = ask(
                exchange -> CompletableFuture.failedFuture(new SessionUnavailableException("away", new IOException())));
        assertThat(response.statusCode()).isEqualTo(503);
    }

    /** Encoded by the thread that saves the session, with the lock of that. */
    record Gate(List<String> names) {

        static final AtomicReference<@Nullable Runnable> WATCHER = new AtomicReference<>();

        @Override
        public List<String> names() {
            Runnable watcher = WATCHER.getAndSet(null);
            if (watcher != null) {
                watcher.run();
            }
            return names;
        }
    }

    /** One has the lock of the session and tells the client of it, the other has that of the response and saves the session. */
    @Test
    void a_thread_that_flushes_while_the_method_saves_a_new_session_does_not_keep_it_from_that() throws Exception {
        AtomicReference<@Nullable Thread> flushing = new AtomicReference<>();
        HttpResponse<String> response = ask(exchange -> {
            Session.current().set("gate", new Gate(new ArrayList<>(List.of("a"))));
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('a');
            Gate.WATCHER.set(() -> {
                Thread other = new Thread(() -> {
                    try {
                        exchange.getResponseBody().flush();
                        exchange.close();
                    } catch (IOException broken) {
                        failure.set(broken);
                    }
                });
                flushing.set(other);
                other.start();
                while (other.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            });
            return null;
        });
        assertThat(response.body()).isEqualTo("a");
        requireNonNull(flushing.get()).join();
        assertThat(failure.get()).isNull();
        assertThat(ask(exchange -> {
                            byte[] names =
                                    String.valueOf(Session.current().names()).getBytes(UTF_8);
                            exchange.sendResponseHeaders(200, names.length);
                            exchange.getResponseBody().write(names);
                            exchange.close();
                            return null;
                        })
                        .body())
                .isEqualTo("[gate]");
    }
}
