package snapferry.cli;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * What only the lab can tell comes first: a slow guest has no time for all ({@link LabBudget}).
 * {@code scripts/lab} names this to JUnit.
 */
@NullMarked
final class LabOrder implements ClassOrderer {
  private static final List<Class<?>> ORDER =
      List.of(
          ChangesLabIT.class,
          FanOutLabIT.class,
          StepsLabIT.class,
          LoadLabIT.class,
          TrackLabIT.class,
          RoomLabIT.class,
          HeldLabIT.class,
          LineLabIT.class,
          SnapshotLabIT.class,
          LeftoversLabIT.class,
          PowerCutLabIT.class,
          HooksLabIT.class,
          PrivilegeLabIT.class);

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context.getClassDescriptors().sort(Comparator.comparingInt(LabOrder::place));
  }

  private static int place(ClassDescriptor test) {
    return ORDER.indexOf(test.getTestClass());
  }
}
