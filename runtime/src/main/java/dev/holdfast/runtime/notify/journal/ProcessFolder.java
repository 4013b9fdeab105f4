package dev.holdfast.runtime.notify.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one process, locked for as long as this object is open: the system lets go of the lock however the process ends. Messages
 * of exceptions are private, so folders are made for their owner alone.
 *
 * <p>Thread-safe, as it does not change.
 */
public final class ProcessFolder implements Closeable {

    /** Where dead letters lie, within the folder of a process. */
    private static final String DEAD = "dead";

    /** Where files go of which a part is damaged, beside the folders of processes. */
    private static final String DAMAGED = "damaged";

    private static final String LOCK = "lock";

    /** As many files with damage are kept for whoever wants to look at them. */
    private static final int MOST_DAMAGED = 16;

    private final Path path;
    private final FileChannel lockFile;

    private ProcessFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes and locks the folder of this process, and locks those that ended processes of the same application have left.
     *
     * @param base of all applications
     * @param application any text
     * @param name of the folder, unique to the process; names sort in the order in which processes begin
     * @throws IOException if that is not possible
     */
    public static Claimed claim(Path base, String application, String name) throws IOException {
        Path all = base.resolve(folderName(application));
        createPrivate(all);
        // One process at a time: a folder that is not locked yet must not look like one that is left.
        try (FileChannel gate = openLock(all);
                FileLock held = gate.lock()) {
            List<ProcessFolder> left = new ArrayList<>();
            for (Path folder : in(all)) {
                ProcessFolder one = tryLock(folder);
                if (one != null) {
                    left.add(one);
                }
            }
            Path own = all.resolve(name);
            createPrivate(own);
            ProcessFolder locked = tryLock(own);
            if (locked == null || !held.isValid()) {
                throw new IOException(own + " is locked by somebody else");
            }
            return new Claimed(locked, List.copyOf(left));
        }
    }

    /**
     * What a process begins with.
     *
     * @param own its folder
     * @param left those of ended processes, the oldest first; to be closed
     */
    public record Claimed(ProcessFolder own, List<ProcessFolder> left) {}

    /** The folders of the processes of an application, the oldest first. */
    public static List<Path> in(Path application) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(application)) {
            for (Path path : all) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !path.endsWith(DAMAGED)) {
                    folders.add(path);
                }
            }
        }
        folders.sort(null);
        return folders;
    }

    /** A folder that no process uses, locked; null if one does. */
    public static @Nullable ProcessFolder tryLock(Path folder) throws IOException {
        FileChannel lockFile = openLock(folder);
        try {
            if (lockFile.tryLock() != null) {
                return new ProcessFolder(folder, lockFile);
            }
        } catch (OverlappingFileLockException byOurselves) {
            // Locks are the process's: a second application in this JVM has it.
        }
        lockFile.close();
        return null;
    }

    private static FileChannel openLock(Path folder) throws IOException {
        return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void createPrivate(Path folder) throws IOException {
        FileAttribute<?>[] forOwner =
                folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0];
        Files.createDirectories(folder, forOwner);
    }

    /** An application as the name of a folder: what is no letter, digit, dot or dash becomes {@code _}. */
    static String folderName(String application) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < application.length() && i < 100; i++) {
            char c = application.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            name.append(plain || c == '-' || (c == '.' && i > 0) ? c : '_');
        }
        return name.isEmpty() ? "_" : name.toString();
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Where dead letters lie in the folder of a process; need not exist. */
    public static Path dead(Path folder) {
        return folder.resolve(DEAD);
    }

    /** The folder of dead letters, made if need be. */
    public Path makeDead() throws IOException {
        Path dead = dead(path);
        createPrivate(dead);
        return dead;
    }

    /** Keeps a file that is damaged for whoever wants to look at it, unless there are many already. */
    public void setAside(Path file) throws IOException {
        Path aside = path.resolveSibling(DAMAGED);
        createPrivate(aside);
        try (Stream<Path> there = Files.list(aside)) {
            if (there.count() >= MOST_DAMAGED) {
                return;
            }
        }
        String name =
                path.getFileName() + "-" + path.relativize(file).toString().replace('/', '-');
        Files.move(file, aside.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes the dead letters. */
    void deleteDead() throws IOException {
        deleteAll(dead(path));
    }

    /** Deletes the folder and lets go of it. */
    public void delete() throws IOException {
        try (lockFile) {
            deleteAll(path);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path path : all) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    deleteAll(path);
                } else {
                    Files.delete(path);
                }
            }
        }
        Files.delete(folder);
    }

    /** Lets go of the folder, and leaves it for the next process. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
