/**
 * {@code @SharedSession}: a session that all nodes share, for the time of an attempt.
 *
 * <p>The life of it: the policy opens a session for each attempt and makes it the current one; the first operation of the body reads it; the commit
 * after the body stores what was done, in one step; then a response that was held is let go. Of an attempt that fails nothing is stored or sent.
 *
 * <p>What is stored lies in {@code store}, how values become bytes in {@code codec}, what there is to HTTP in {@code http}. The application's own type
 * {@code Session} is known by name alone.
 *
 * <p>Whom to ask, from the call inwards: {@code OpenSession}, what one attempt sees and does; {@code Values}, which of its values it has touched; {@code Sessions}, where the
 * answer comes from: the copy at hand ({@code NearCopies}), what is owed ({@code Debts}), or the store.
 *
 * <p>While Redis is away, {@code Debts} has one {@code Owed} for each session that was changed, which goes through these states:
 *
 * <pre>
 *   state      what calls see           what is sent when Redis is back            then
 *   empty      what was known           nothing                                    given up
 *   changed    known + Delta            the Delta, guarded by what was known       paid; or dropped, as far as others have changed it
 *   ended      none                     an end, of what was made before that       paid
 *   replaced   a new session            the new one, which takes the old's place   paid
 *   moved      it, under the new id     the end of the old id, then all of it      paid
 * </pre>
 *
 * <p>What ends any of them unpaid: its time is over, others were heard to have ended it, or Redis was away for too long. {@code Delta} is what was changed, and what belongs together of
 * that; {@code Known} what was known to be stored, and with which certainty; {@code Doubts} what was sent and not answered, which may be stored now or later, and must do nothing
 * then: its marks travel with whatever is sent next.
 */
@NullMarked
package dev.holdfast.runtime.session;

import org.jspecify.annotations.NullMarked;
