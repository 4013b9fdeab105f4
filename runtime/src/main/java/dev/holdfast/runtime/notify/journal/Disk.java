package dev.holdfast.runtime.notify.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a journal writes to; tests hand in one that is full, or slow. */
interface Disk {

    /** The one of this machine. */
    Disk REAL = Real::new;

    /**
     * Makes a file to append to.
     *
     * @throws IOException if that is not possible, also where there is such a file
     */
    Out create(Path file) throws IOException;

    /** A file under construction. Not thread-safe. */
    interface Out extends Closeable {

        /** Writes some or all of the bytes. */
        int write(ByteBuffer bytes) throws IOException;

        /** Cuts the file to a length, where the next write goes on. */
        void truncate(long length) throws IOException;

        /** Returns when what was written would survive a loss of power. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** No memory mapping: on a full disk it ends the JVM with SIGBUS. */
    final class Real implements Out {

        private final FileChannel file;

        Real(Path path) throws IOException {
            this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return file.write(bytes);
        }

        @Override
        public void truncate(long length) throws IOException {
            file.truncate(length);
            file.position(length);
        }

        @Override
        public void force() throws IOException {
            file.force(false);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
