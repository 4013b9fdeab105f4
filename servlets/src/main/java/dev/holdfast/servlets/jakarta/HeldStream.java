package dev.holdfast.servlets.jakarta;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The body of a {@link HeldResponse}, in bytes. */
final class HeldStream extends ServletOutputStream {

    private final HeldResponse response;

    /** The container's. */
    final ServletOutputStream out;

    HeldStream(HeldResponse response, ServletOutputStream out) {
        this.response = response;
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        response.write(out, new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] content, int from, int length) throws IOException {
        response.write(out, content, from, length);
    }

    @Override
    public void flush() throws IOException {
        response.flush(out::flush);
    }

    @Override
    public void close() throws IOException {
        response.close(out::close);
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    /** Who writes without blocking writes when the container says so, which is after the method has returned: a flush by hand. */
    @Override
    public void setWriteListener(WriteListener listener) {
        try {
            response.unblock(() -> out.setWriteListener(listener));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
