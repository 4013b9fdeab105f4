package dev.holdfast.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CartTest {

    private static final Product TEA = Catalogue.find("tea").orElseThrow();

    @Test
    void what_is_sent_twice_is_there_once() {
        Cart once = Cart.EMPTY.with(TEA, 2);
        assertThat(once.cents()).isEqualTo(980);
        assertThat(once.with(TEA, 2)).isSameAs(once);
    }

    /** Else the bank, which knows an order by its id, might take the money of the cart before. */
    @Test
    void what_is_changed_is_another_order() {
        Cart two = Cart.EMPTY.with(TEA, 2);
        assertThat(two.with(TEA, 3).order()).isNotEqualTo(two.order());
        assertThat(two.with(TEA, 0).order()).isEmpty();
    }

    @Test
    void knows_what_was_paid() {
        Cart cart = Cart.EMPTY.with(TEA, 2);
        assertThat(cart.afterPayment()).isEqualTo(new Cart("", java.util.Map.of(), cart.order()));
    }
}
