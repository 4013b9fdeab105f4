package dev.holdfast.samples.shop;

/** Whoever has clicked, as far as the shop remembers. */
interface Visitor {

    /** Empty for a guest. */
    String name();

    Cart cart();

    void keep(Cart cart);

    /** Logs in. An id of a session that somebody may have slipped to the browser before is of no use from now on. */
    void enter(String name);

    /** Logs out. */
    void leave();
}
