package dev.holdfast.runtime.notify.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one process, locked for as long as this object is open: the system lets go of the lock however the process ends. Messages
 * of exceptions are private, so folders are made for their owner alone.
 *
 * <p>Thread-safe.
 */
public final class ProcessFolder implements Closeable, Journal.Ground {

    /** Where dead letters lie, within the folder of a process. */
    private static final String DEAD = "dead";

    /** Where files go of which a part is damaged, beside the folders of processes. */
    private static final String DAMAGED = "damaged";

    private static final String LOCK = "lock";

    /** What stands behind the name of a process in that of a folder to which its events were moved. */
    private static final String AGAIN = "-again";

    /** As many files with damage are kept for whoever wants to look at them. */
    private static final int MOST_DAMAGED = 16;

    private final Path path;
    private final ReentrantLock restoring = new ReentrantLock();
    private volatile FileChannel lockFile;

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
            List<Path> barred = new ArrayList<>();
            try {
                for (Path folder : in(all)) {
                    try {
                        ProcessFolder one = tryLock(folder);
                        if (one != null) {
                            left.add(one);
                        }
                    } catch (IOException ofSomebodyElse) {
                        barred.add(folder); // of another user, say; that is no reason to keep nothing of this process
                    }
                }
                return new Claimed(make(all.resolve(name), held), List.copyOf(left), List.copyOf(barred));
            } catch (IOException | RuntimeException | Error failed) {
                letGo(left, failed);
                throw failed;
            }
        }
    }

    /** Else they would count as used when it is tried again, and nobody would take over what is in them. */
    private static void letGo(List<ProcessFolder> left, Throwable failed) {
        for (ProcessFolder one : left) {
            try {
                one.close();
            } catch (IOException unclosed) {
                failed.addSuppressed(unclosed);
            }
        }
    }

    private static ProcessFolder make(Path own, FileLock held) throws IOException {
        createPrivate(own);
        ProcessFolder locked = tryLock(own);
        if (locked == null || !held.isValid()) {
            throw new IOException(own + " is locked by somebody else");
        }
        Journal.forceFolder(own.resolveSibling(".").normalize());
        return locked;
    }

    /** Makes and locks a folder that sorts right behind another one of the same application, as if a process had left it. */
    static ProcessFolder makeAfter(Path process) throws IOException {
        Path all = process.resolveSibling(".").normalize();
        try (FileChannel gate = openLock(all);
                FileLock held = gate.lock()) {
            String name = process.getFileName().toString().replaceAll(AGAIN + "\\d+$", "") + AGAIN;
            int number = 1;
            while (Files.exists(all.resolve(name + number))) {
                number++;
            }
            return make(all.resolve(name + number), held);
        }
    }

    /** Whether it looks like the folder of a process: nothing is made there to find out. */
    static boolean isOne(Path folder) throws IOException {
        return Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS) && !hasOne(folder);
    }

    /** Whether it looks like the folder of an application. */
    static boolean hasOne(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path path : all) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        && Files.isRegularFile(path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * What a process begins with.
     *
     * @param own its folder
     * @param left those of ended processes, the oldest first; to be closed
     * @param barred those of which nobody can tell whether they are in use, as they cannot be locked
     */
    public record Claimed(ProcessFolder own, List<ProcessFolder> left, List<Path> barred) {}

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
        return FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
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

    /**
     * Makes a folder whose name anybody can guess, where anybody may make one, unless it is there.
     *
     * @throws IOException if it is a link, or of somebody else, or others may write to it: they could forge events there, and have files of ours
     *     overwritten
     */
    public static void makeOwn(Path folder) throws IOException {
        createPrivate(folder);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is a link, which somebody else may have made");
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
            if (allowed.contains(PosixFilePermission.GROUP_WRITE)
                    || allowed.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException(folder + " can be written by others; delete it, or take that right from them");
            }
            if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(self(folder.resolveSibling(".")))) {
                throw new IOException(folder + " is of another user; delete it");
            }
        }
    }

    /** Who this process is: the owner of what it makes. The name of the user need not be known to the system. */
    private static UserPrincipal self(Path where) throws IOException {
        Path made = Files.createTempFile(where, "holdfast-", null);
        try {
            return Files.getOwner(made, LinkOption.NOFOLLOW_LINKS);
        } finally {
            Files.delete(made);
        }
    }

    /**
     * An application as the name of a folder, each its own: what is no letter, digit, dot or dash becomes {@code _}, and where that or a cut has changed
     * it, a hash of the whole stands behind.
     */
    static String folderName(String application) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < application.length() && i < 100; i++) {
            char c = application.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            name.append(plain || c == '-' || (c == '.' && i > 0) ? c : '_');
        }
        return name.toString().equals(application) && !name.isEmpty() ? application : name + "-" + hash(application);
    }

    private static String hash(String application) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(application.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) { // every JDK has that
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether the folder, or the file by which it is locked, is not there any more. */
    @Override
    public boolean isGone() {
        return !Files.exists(path.resolve(LOCK));
    }

    /** Makes and locks it again; what was in it is gone for other processes. */
    @Override
    public void restore() throws IOException {
        restoring.lock();
        try {
            if (isGone()) {
                createPrivate(path);
                FileChannel again = openLock(path);
                if (again.tryLock() == null) {
                    again.close();
                    throw new IOException(path + " is locked by somebody else");
                }
                lockFile.close();
                lockFile = again;
            }
        } finally {
            restoring.unlock();
        }
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
        if (!Files.exists(file)) {
            return; // it is there already
        }
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

    /** Deletes the folder and lets go of it. */
    public void delete() throws IOException {
        try (FileChannel held = lockFile) {
            if (held.isOpen() && Files.isDirectory(path)) {
                deleteAll(path);
            }
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path path : all) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    deleteAll(path);
                } else {
                    Files.deleteIfExists(path);
                }
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Lets go of the folder, and leaves it for the next process. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
