package dev.holdfast.runtime.log;

/** Where messages go that no SLF4J takes. */
interface Stderr {

    /** The JVM's, as it is when something is written: applications redirect it. */
    Stderr SYSTEM = new OfTheJvm();

    /** Writes lines that belong together, line breaks included. */
    void write(String lines);

    /** See {@link #SYSTEM}. */
    final class OfTheJvm implements Stderr {

        private OfTheJvm() {}

        @Override
        public void write(String lines) {
            System.err.print(lines);
            System.err.flush();
        }
    }
}
