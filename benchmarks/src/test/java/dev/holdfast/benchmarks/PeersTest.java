package dev.holdfast.benchmarks;

/** All but Holdfast, which needs its agent. */
final class PeersTest extends GuardsContract {

    @Override
    boolean tested(Library library) {
        return library != Library.HOLDFAST;
    }
}
