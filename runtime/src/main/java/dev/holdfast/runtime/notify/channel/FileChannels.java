package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code file:/path/events.jsonl} Appends a line each. The file is opened anew each time, so whoever rotates it can move it away; folders are
 * not made. A line that a crash has cut is ended before the next.
 */
final class FileChannels implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("file");
        }

        @Override
        public String form() {
            return "file:/path/events.jsonl";
        }

        @Override
        public List<String> faults(Address address) {
            Need need = new Need(address).onlyParameters().path("path");
            if (!address.path().startsWith("/")) {
                need.fault("has a relative path; expected: an absolute one");
            } else if (path(address) == null) {
                need.fault("has a path that this system does not allow");
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            Path path = path(address);
            if (path == null) {
                throw new IllegalArgumentException("no path");
            }
            return new FileChannels(path);
        }
    };

    private static @Nullable Path path(Address address) {
        try {
            return Path.of("/" + address.name());
        } catch (InvalidPathException invalid) {
            return null;
        }
    }

    private final Path path;

    private FileChannels(Path path) {
        this.path = path;
    }

    @Override
    public int most() {
        return 256;
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = file.size();
            StringBuilder lines = new StringBuilder(endsAmidLine(file, end) ? "\n" : "");
            for (Letter letter : letters) {
                lines.append(letter.text()).append('\n');
            }
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(UTF_8));
            try {
                // In one go to the end: another process may append to the same file.
                file.position(end);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            } catch (IOException full) {
                file.truncate(end);
                throw full;
            }
            file.force(false);
        }
    }

    private static boolean endsAmidLine(FileChannel file, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end > 0 && file.read(last, end - 1) == 1 && last.get(0) != '\n';
    }

    @Override
    public void close() {
        // It is open while it sends alone.
    }
}
