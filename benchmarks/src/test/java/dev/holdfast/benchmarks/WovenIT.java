package dev.holdfast.benchmarks;

/** Holdfast, under the packaged agent. */
final class WovenIT extends GuardsContract {

    @Override
    boolean tested(Library library) {
        return library == Library.HOLDFAST;
    }
}
