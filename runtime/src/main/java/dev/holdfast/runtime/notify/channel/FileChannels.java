package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
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
            if (address.name().isEmpty()) {
                return need.faults();
            }
            if (!address.path().startsWith("/")) {
                need.fault("has a relative path");
            } else if (address.name().indexOf('\0') >= 0) {
                need.fault("has a path with a NUL in it");
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

    /** One for each file, as few as there are files in the configuration. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

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
        StringBuilder lines = new StringBuilder();
        for (Letter letter : letters) {
            lines.append(letter.text()).append('\n');
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            // For two channels with one file, by two paths maybe: it is a process that locks a file, not a thread.
            ReentrantLock own = LOCKS.computeIfAbsent(path.toRealPath(), unlocked -> new ReentrantLock());
            own.lock();
            try (FileLock lock = lock(file)) {
                append(file, lines.toString(), lock != null);
            } finally {
                own.unlock();
            }
        }
    }

    /** Several processes may write into one file: each to its end, and one after the other where the file system can lock. */
    private static @Nullable FileLock lock(FileChannel file) {
        try {
            return file.lock();
        } catch (IOException | OverlappingFileLockException cannot) { // or somebody else in this JVM has it
            return null;
        }
    }

    private void append(FileChannel file, String lines, boolean isLocked) throws IOException {
        long end = file.size();
        ByteBuffer bytes = ByteBuffer.wrap((endsAmidLine(end) ? "\n" + lines : lines).getBytes(UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException full) {
            if (isLocked) {
                file.truncate(end);
            }
            throw full;
        }
        file.force(false);
    }

    private boolean endsAmidLine(long end) throws IOException {
        if (end == 0) {
            return false;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return file.read(last, end - 1) == 1 && last.get(0) != '\n';
        } catch (AccessDeniedException writeOnly) {
            return false;
        }
    }

    @Override
    public void close() {
        // It is open while it sends alone.
    }
}
