package dev.holdfast.runtime.session.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.session.HttpSide;
import dev.holdfast.runtime.session.OpenSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The response of an exchange, held until the session of the attempt is saved. It does what the exchange itself would do, and fails where that
 * would fail, as far as can be told before anything is sent.
 *
 * <p>States: it holds; then it passes on, for ever: because it was let go, because the body flushed, or because it has become too large to be held. Or
 * the attempt has failed, and it takes nothing any more. Of a body of known length it passes on all but the last byte, with which the client has the whole of it: that one waits until the
 * session is saved once more, as the method returns, or the body flushes or closes.
 *
 * <p>Thread-safe. The lock is held while what was held is sent, for what comes behind that must wait; and while the session is saved for that, so it is taken before the lock of
 * the session, and never with that one held.
 */
final class HeldResponse implements HttpSide {

    /** What {@code getResponseCode} gives before a status was sent. */
    private static final int NONE_YET = -1;

    private static final String SET_COOKIE = "Set-Cookie";

    private enum State {
        HOLDS,
        PASSES_ON,
        DISCARDED
    }

    private final HttpExchange exchange;
    private final @Nullable Object[] everything;
    private final int index;
    private final long limit;
    private final String place;
    private final @Nullable ClassLoader loader;

    private final ReentrantLock lock = new ReentrantLock();
    private final Headers headers;

    /** Whoever sets one has the lock of the session, for which another thread may wait with the lock of this: so it is not guarded by that. */
    private final Map<String, String> cookies = new ConcurrentHashMap<>();

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    private volatile State state = State.HOLDS;
    private volatile @Nullable OpenSession session;
    private volatile int status = NONE_YET;

    /** The headers as they were when the body sent them; what it sets later comes too late, as with the exchange itself. Null before. */
    private @Nullable Headers sent;

    private long length;
    private long written;
    private boolean headersArePut;

    /** Whether it was let go: the last byte waits for nothing any more. */
    private boolean isReleased;

    private boolean bodyIsClosed;
    private boolean isClosed;

    /** What the body writes to: ours, or what a filter has put around it. */
    private volatile OutputStream out = new Body();

    HeldResponse(
            HttpExchange exchange,
            @Nullable Object[] everything,
            int index,
            long limit,
            String place,
            @Nullable ClassLoader loader) {
        this.exchange = exchange;
        this.everything = everything;
        this.index = index;
        this.limit = limit;
        this.place = place;
        this.loader = loader;
        headers = copy(exchange.getResponseHeaders());
    }

    private static Headers copy(Headers from) {
        Headers copy = new Headers();
        from.forEach((name, values) -> copy.put(name, new ArrayList<>(values)));
        return copy;
    }

    @Override
    public @Nullable OpenSession around() {
        return exchange instanceof Held outer ? outer.response().session : null;
    }

    /** If an earlier method in the same exchange has made the session, renewed or ended it, that is what the client is about to hear. */
    @Override
    public List<String> cookies(String name) {
        List<String> told = Cookies.told(exchange.getResponseHeaders().getOrDefault(SET_COOKIE, List.of()), name);
        return told != null
                ? told
                : Cookies.values(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()), name);
    }

    /** Itself, or what it was before a proxy in front of us took it. Who lies about that gets a cookie that he cannot use. */
    @Override
    public boolean isSecure() {
        return exchange instanceof HttpsExchange
                || Cookies.saysSecure(exchange.getRequestHeaders().getFirst("X-Forwarded-Proto"));
    }

    @Override
    public boolean hasBegun() {
        return exchange instanceof Held outer ? outer.response().hasBegun() : exchange.getResponseCode() != NONE_YET;
    }

    @Override
    public void setCookie(String name, String header) {
        cookies.put(name, header);
    }

    @Override
    public @Nullable Object[] everything(OpenSession session) {
        this.session = session;
        @Nullable Object[] replaced = everything.clone();
        replaced[index] = exchange instanceof HttpsExchange secure
                ? new HeldHttpsExchange(secure, this)
                : new HeldHttpExchange(exchange, this);
        return replaced;
    }

    @Override
    public void release() {
        lock.lock();
        try {
            isReleased = true;
            if (state == State.HOLDS) {
                passOn();
            } else if (state == State.PASSES_ON) {
                sendHeld();
            }
        } catch (IOException gone) {
            Log.debug(loader, place + ": the client did not wait for its response", gone);
            exchange.close();
        } catch (RuntimeException | Error refused) {
            exchange.close(); // or else the client would wait for what nobody sends any more
            throw refused;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void discard() {
        lock.lock();
        try {
            if (state == State.HOLDS) {
                state = State.DISCARDED;
            }
            held.reset();
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is held, in the order in which it came. Called with the lock held. */
    private void passOn() throws IOException {
        state = State.PASSES_ON;
        if (status == NONE_YET) {
            if (!hasBegun()) {
                putHeaders(); // for whoever answers after this
            }
        } else {
            sendHeaders();
            sendHeld();
            if (bodyIsClosed) {
                exchange.getResponseBody().close();
            }
        }
        if (isClosed) {
            exchange.close();
        }
    }

    private void sendHeld() throws IOException {
        if (held.size() > 0) {
            held.writeTo(exchange.getResponseBody());
            held.reset();
        }
    }

    private void sendHeaders() throws IOException {
        putHeaders();
        exchange.sendResponseHeaders(status, length);
    }

    /** What others have put there since the first time stays. */
    private void putHeaders() {
        Headers own = exchange.getResponseHeaders();
        if (!headersArePut) {
            headersArePut = true;
            own.clear();
        }
        Headers sending = sent == null ? headers : sent;
        sending.forEach((name, values) -> own.put(name, new ArrayList<>(values)));
        cookies.forEach((name, cookie) -> {
            List<String> others = new ArrayList<>(own.getOrDefault(SET_COOKIE, List.of()));
            others.removeIf(other -> Cookies.isOurs(other, name));
            others.add(cookie);
            own.put(SET_COOKIE, others);
        });
    }

    /** Saves the session, and then passes on. Called with the lock held. */
    private void stream() throws IOException {
        save();
        passOn();
    }

    /** Whoever has the whole of a response may come again at once, so its end waits for the session as its beginning does. */
    private void end() throws IOException {
        save();
        sendHeld();
    }

    private void save() {
        OpenSession saved = session;
        if (saved != null) {
            saved.commit();
        }
    }

    // What the body does with the exchange

    Headers headers() {
        return headers;
    }

    int status() {
        return status == NONE_YET ? exchange.getResponseCode() : status;
    }

    OutputStream body() {
        return out;
    }

    void setStreams(@Nullable InputStream in, @Nullable OutputStream around) {
        if (in != null) {
            exchange.setStreams(in, null);
        }
        if (around != null) {
            out = around;
        }
    }

    void send(int code, long bytes) throws IOException {
        lock.lock();
        try {
            requireOpen();
            if (status() != NONE_YET) {
                throw new IOException("headers already sent");
            }
            requireThatItCanBeSent(bytes);
            status = code;
            length = bytes;
            sent = copy(headers);
            if (state == State.PASSES_ON) {
                sendHeaders();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            if (state == State.PASSES_ON && !isClosed) {
                end();
            }
            isClosed = true;
            if (state == State.PASSES_ON) {
                exchange.close();
            }
        } catch (IOException gone) {
            isClosed = true;
            Log.debug(loader, place + ": the client did not wait for its response", gone);
            exchange.close();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (state == State.DISCARDED) {
            throw new IOException(place + ": the attempt that this response belonged to has failed");
        }
        if (isClosed) {
            throw new IOException("the exchange is closed");
        }
    }

    /** What the exchange itself would refuse, and not before the method has returned. */
    private void requireThatItCanBeSent(long bytes) {
        if (bytes < -1) {
            throw new IllegalArgumentException("Content-Length: " + bytes);
        }
        for (String name : headers.keySet()) {
            Objects.requireNonNull(name, "a response header has no name");
        }
    }

    private boolean isHead() {
        return exchange.getRequestMethod().equals("HEAD");
    }

    /** How much may be written; as the JDK counts it, 0 stands for as much as there is, and -1 for nothing. */
    private long room() {
        boolean hasNone = length < 0 || isHead() || status == 204 || status == 304 || (status >= 100 && status < 200);
        return hasNone ? 0 : length == 0 ? Long.MAX_VALUE : length;
    }

    /** The stream that is held. */
    private final class Body extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            lock.lock();
            try {
                if (state == State.PASSES_ON && status != NONE_YET) {
                    pass(bytes, from, count);
                    return;
                }
                requireBegun();
                if (bodyIsClosed) {
                    throw new IOException("the stream is closed");
                }
                if (isHead()) {
                    return;
                }
                if (count > room() - written) {
                    throw new IOException("too many bytes to write to stream");
                }
                if (held.size() + (long) count > limit) {
                    stream();
                    pass(bytes, from, count);
                } else {
                    written += count;
                    held.write(bytes, from, count);
                }
            } finally {
                lock.unlock();
            }
        }

        private void pass(byte[] bytes, int from, int count) throws IOException {
            long left = length - written; // of a body of known length
            int now = count;
            if (!isReleased && length > 0 && count > 0 && count >= left) {
                if (left <= 0) {
                    end(); // what is too much is the exchange's business
                } else {
                    now = (int) left - 1;
                }
            }
            written += count;
            exchange.getResponseBody().write(bytes, from, now);
            held.write(bytes, from + now, count - now);
        }

        @Override
        public void flush() throws IOException {
            lock.lock();
            try {
                requireBegun();
                if (state == State.HOLDS && !bodyIsClosed) {
                    stream();
                }
                if (state == State.PASSES_ON && !bodyIsClosed) {
                    if (held.size() > 0) {
                        end();
                    }
                    exchange.getResponseBody().flush();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            lock.lock();
            try {
                requireBegun();
                if (state == State.PASSES_ON) {
                    if (!bodyIsClosed) {
                        end();
                    }
                    bodyIsClosed = true;
                    exchange.getResponseBody().close();
                    return;
                }
                if (length > 0 && written < room()) {
                    throw new IOException("insufficient bytes written");
                }
                bodyIsClosed = true;
            } finally {
                lock.unlock();
            }
        }

        private void requireBegun() throws IOException {
            requireOpen();
            if (status == NONE_YET) {
                throw new IOException("response headers not sent yet");
            }
        }
    }
}
