package dev.holdfast.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PageTest {

    @Test
    void shows_the_cart_to_people_and_programs() {
        Cart cart = Cart.EMPTY.with(Catalogue.find("tea").orElseThrow(), 2);
        String html = new Page("node-1", "anna", cart).notice("unpaid").html();
        assertThat(html)
                .contains("data-node=\"node-1\" data-customer=\"anna\" data-order=\"" + cart.order()
                        + "\" data-cart=\"tea:2\" data-paid=\"\" data-notice=\"unpaid\"")
                .contains("<span>9.80 €</span>")
                .contains("you will not pay twice");
    }

    @Test
    void shows_what_people_have_typed_as_text() {
        String html = new Page("n", "<script>", Cart.EMPTY)
                .found("\"><b>", List.of())
                .notice("<i>")
                .html();
        assertThat(html).doesNotContain("<script>").doesNotContain("<b>").doesNotContain("<i>");
    }
}
