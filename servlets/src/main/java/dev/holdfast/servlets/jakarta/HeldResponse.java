package dev.holdfast.servlets.jakarta;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response that is held until the session is saved. Held are its body, an error and a redirect. Status and headers are set on the container's
 * response at once, which knows best what they mean and sends nothing of them as long as there is no body; what they were before is put back if the
 * attempt fails.
 *
 * <p>When the body outgrows the limit, or somebody flushes, the session is saved first. From then on the response streams: all goes straight to the
 * container. But where it is said how long the body is, the client has the whole of it with the last byte, however long the method goes on. So that byte is held until
 * the session is saved once more: as the method returns, or when somebody flushes or closes.
 *
 * <p>Thread-safe, as its body may be written on one thread while the method returns on another. The lock is held while the session is saved and
 * while the container writes: who waits for it wants to write behind that.
 */
public final class HeldResponse extends SettableResponse {

    private final ReentrantLock lock = new ReentrantLock();
    private final Runnable save;
    private final HttpServletResponse container;
    private final ServletRequest request;
    private final Prepared before;

    private int limit;

    /** Whether nothing was given to the container yet. */
    private boolean holds = true;

    /** Whether the body is whole, so that the rest of it goes nowhere; while it is held. */
    private boolean isWhole;

    /** What the container is to end it with; while it is held. */
    private @Nullable Ending end;

    /** What is held: the body; or once it streams, the end of it. */
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private final StringBuilder characters = new StringBuilder();
    private final BodyLength length = new BodyLength();

    /** Whether the end of the body is held, too. */
    private boolean holdsEnd = true;

    /**
     * Whether the end is let go as it comes, once the session is saved, for nobody might let it go later: the container says when to write, or the exchange goes on
     * without the method and may be completed by whoever has it.
     */
    private boolean letsEndGo;

    private @Nullable HeldStream stream;
    private @Nullable HeldWriter writer;

    /**
     * In place of a container's.
     *
     * @param request of the same call
     * @param save saves the session; throws what the method shall fail with
     * @param limit in bytes of a stream, or characters of a writer
     */
    HeldResponse(HttpServletResponse response, ServletRequest request, Runnable save, int limit) {
        super(LastInLine.of(response));
        this.container = response;
        this.request = request;
        this.save = save;
        this.limit = limit;
        this.before = Prepared.of(response);
        length.is(response.getHeader(CONTENT_LENGTH)); // Tomcat says nothing of it
    }

    /** What it holds for. */
    HttpServletResponse container() {
        return container;
    }

    // The body.

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream out = super.getOutputStream(); // which refuses where a writer was taken
        lock.lock();
        try {
            HeldStream present = stream;
            if (present == null || present.out != out) {
                present = new HeldStream(this, out);
                stream = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter out = super.getWriter(); // which settles the encoding
        lock.lock();
        try {
            HeldWriter present = writer;
            if (present == null || present.out() != out) {
                present = HeldWriter.of(this, out);
                writer = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    void write(ServletOutputStream out, byte[] content, int from, int count) throws IOException {
        lock.lock();
        try {
            if (isOver()) {
                return;
            }
            if (count > limit - bytes.size()) {
                stream();
            }
            if (holds) {
                bytes.write(content, from, count);
            } else {
                pass(out, content, from, count);
            }
        } finally {
            lock.unlock();
        }
    }

    void write(PrintWriter out, char[] content, int from, int count) throws IOException {
        lock.lock();
        try {
            if (isOver()) {
                return;
            }
            if (count > limit - characters.length()) {
                stream();
            }
            if (holds) {
                characters.append(content, from, count);
            } else {
                pass(out, content, from, count);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the container what is not the end. Called with the lock held, as all below that are private. */
    private void pass(ServletOutputStream out, byte[] content, int from, int count) throws IOException {
        int now = !holdsEnd ? count : bytes.size() > 0 ? 0 : length.withoutEnd(count);
        boolean isTooMuch = bytes.size() > 0 || length.isWhole(); // of which the container is to say what it thinks
        if (now < count && (isTooMuch || letsEndGo)) {
            end();
            now = count;
        }
        out.write(content, from, now);
        length.give(now);
        bytes.write(content, from + now, count - now);
    }

    private void pass(PrintWriter out, char[] content, int from, int count) throws IOException {
        Charset charset = charset();
        int now = !holdsEnd ? count : characters.length() > 0 ? 0 : length.withoutEnd(content, from, count, charset);
        boolean isTooMuch = count - now > limit - characters.length(); // so it was less than it might have been
        if (now < count && (isTooMuch || letsEndGo)) {
            end();
            now = count;
        }
        out.write(content, from, now);
        length.give(CharBuffer.wrap(content, from, now), charset);
        characters.append(content, from + now, count - now);
    }

    private Charset charset() {
        String name = getCharacterEncoding();
        return name == null ? StandardCharsets.ISO_8859_1 : Charset.forName(name); // of which there is a writer already
    }

    /** Lets the end go, if it is held: from now on the client may have the whole of the body. */
    private void end() throws IOException {
        save.run();
        writeHeld();
    }

    /** Something that is done with the container's response. */
    interface Action {

        void run() throws IOException;
    }

    /** What is flushed by hand is sent, once the session is saved. */
    void flush(Action flush) throws IOException {
        lock.lock();
        try {
            if (!isOver()) {
                stream();
                if (bytes.size() + characters.length() > 0) {
                    end();
                }
                flush.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on the container says when to write: a flush by hand. */
    void unblock(Action begin) throws IOException {
        flush(() -> {
            letsEndGo = true;
            begin.run();
        });
    }

    @Override
    public void flushBuffer() throws IOException {
        flush(super::flushBuffer);
    }

    /** The body is whole. A container would send it now; where that is its end alone, it waits for the session as its beginning did. */
    void close(Action close) throws IOException {
        lock.lock();
        try {
            if (holds) {
                isWhole = true;
            } else {
                end();
                close.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        return holds && (isWhole || end != null);
    }

    private void stream() throws IOException {
        if (holds) {
            save.run();
            holds = false;
            writeHeld();
        }
    }

    private void writeHeld() throws IOException {
        HeldStream toStream = stream;
        if (toStream != null && bytes.size() > 0) {
            // Beyond the length that was said a container takes no more, and Jetty 12 would then take nothing at all.
            int count = length.withoutExcess(bytes.size());
            toStream.out.write(bytes.toByteArray(), 0, count);
            length.give(count);
        }
        HeldWriter toWriter = writer;
        if (toWriter != null && characters.length() > 0) {
            String text = characters.substring(0, length.withoutExcess(characters.length()));
            toWriter.out().write(text);
            length.give(text, charset());
        }
        forget();
    }

    private void forget() {
        bytes.reset();
        characters.setLength(0);
    }

    // What is set.

    @Override
    boolean isSettable() {
        lock.lock();
        try {
            return !isSettled() && !isIncluded();
        } finally {
            lock.unlock();
        }
    }

    /** Whether what is included has it just now, of which the page takes nothing but its body. Containers see to that in their own response, which hears too late of what is held. */
    private boolean isIncluded() {
        return request.getDispatcherType() == DispatcherType.INCLUDE;
    }

    /** Whether what is held has an end, so that a container would have committed it; called with the lock held. */
    private boolean isSettled() {
        return isOver() || (holds && length.isReachedBy(bytes.size() + characters.length()));
    }

    @Override
    void lengthIs(@Nullable String text) {
        lock.lock();
        try {
            if (!super.isCommitted()) {
                length.is(text);
            }
        } finally {
            lock.unlock();
        }
    }

    // What ends it.

    @Override
    public void sendError(int status) throws IOException {
        end(new Ending.ErrorPage(status, null));
    }

    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        end(new Ending.ErrorPage(status, message));
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        end(new Ending.Redirect(location, null, null));
    }

    /** Of servlets from 6.1 on, as are the next two. */
    public void sendRedirect(String location, int status) throws IOException {
        end(new Ending.Redirect(location, status, null));
    }

    public void sendRedirect(String location, boolean clears) throws IOException {
        end(new Ending.Redirect(location, null, clears));
    }

    public void sendRedirect(String location, int status, boolean clears) throws IOException {
        end(new Ending.Redirect(location, status, clears));
    }

    private void end(Ending with) throws IOException {
        lock.lock();
        try {
            if (isIncluded()) {
                return;
            }
            if (isSettled()) {
                throw new IllegalStateException("the response was ended before");
            }
            if (!holds) {
                with.send(container);
                return;
            }
            if (super.isCommitted()) {
                throw new IllegalStateException("the response has begun");
            }
            if (!(with instanceof Ending.Redirect redirect) || redirect.clears()) {
                forget();
            }
            end = with;
        } finally {
            lock.unlock();
        }
    }

    // What is asked of it.

    @Override
    public int getStatus() {
        lock.lock();
        try {
            return end == null ? super.getStatus() : end.status();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isCommitted() {
        lock.lock();
        try {
            return isSettled() || super.isCommitted();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a cookie would still reach the client. */
    boolean takesCookies() {
        return !super.isCommitted();
    }

    @Override
    public void setBufferSize(int size) {
        lock.lock();
        try {
            if (holds && bytes.size() + characters.length() > 0) {
                throw new IllegalStateException("the body was begun");
            }
            refuseIfSettled();
            if (isIncluded()) {
                return;
            }
            super.setBufferSize(size);
            limit = Math.max(limit, size); // up to there it can be reset
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset() {
        lock.lock();
        try {
            refuseIfSettled();
            if (isIncluded() && !super.isCommitted()) {
                return;
            }
            super.reset();
            forget();
            length.forget();
            stream = null;
            writer = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resetBuffer() {
        lock.lock();
        try {
            refuseIfSettled();
            super.resetBuffer();
            forget();
        } finally {
            lock.unlock();
        }
    }

    private void refuseIfSettled() {
        if (isSettled()) {
            throw new IllegalStateException("the response was ended");
        }
    }

    // The end of the attempt.

    /**
     * Gives the container all that is held, and holds no more: the session is saved. If the client is gone, so that the container cannot write, it
     * knows that itself; and it is too late for the method to hear of it.
     *
     * @param goesOn whether there may be more to save before the response has ended
     */
    void release(boolean goesOn) {
        lock.lock();
        try {
            boolean held = holds;
            holds = false;
            holdsEnd = goesOn;
            letsEndGo = goesOn;
            writeHeld();
            Ending with = end;
            if (held && with != null) {
                with.send(container);
            } else if (held && isWhole) {
                close();
            }
        } catch (IOException gone) {
            forget();
        } finally {
            lock.unlock();
        }
    }

    private void close() throws IOException {
        writeHeld();
        if (writer != null) {
            writer.out().close();
        } else if (stream != null) {
            stream.out.close();
        }
    }

    /** The attempt has failed: drops all that is held, and makes the container's response what it was before. */
    void discard() {
        lock.lock();
        try {
            forget();
            if (holds) {
                end = null;
                isWhole = true; // what threads of that attempt write behind this goes nowhere
                boolean isAsBefore = stream == null
                        && writer == null
                        && Prepared.of(container).equals(before);
                if (!isAsBefore && !container.isCommitted()) {
                    before.restore(container);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
