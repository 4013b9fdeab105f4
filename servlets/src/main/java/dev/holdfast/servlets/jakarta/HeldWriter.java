package dev.holdfast.servlets.jakarta;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** The body of a {@link HeldResponse}, in characters. The container encodes them. */
final class HeldWriter extends PrintWriter {

    private final PrintWriter container;

    private HeldWriter(Held held) {
        super(held);
        this.container = held.out;
    }

    /** In place of the container's. */
    static HeldWriter of(HeldResponse response, PrintWriter out) {
        return new HeldWriter(new Held(response, out));
    }

    /** The container's. */
    PrintWriter out() {
        return container;
    }

    @Override
    public boolean checkError() {
        return super.checkError() || container.checkError();
    }

    private static final class Held extends Writer {

        private final HeldResponse response;
        private final PrintWriter out;

        Held(HeldResponse response, PrintWriter out) {
            this.response = response;
            this.out = out;
        }

        @Override
        public void write(char[] content, int from, int length) throws IOException {
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
    }
}
