package snapferry.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that need device-mapper and disks of their own: those of a guest of the lab, as many as
 * there is time for.
 */
@NullMarked
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("lab")
@ExtendWith(LabBudget.class)
@EnabledIf(
    value = "snapferry.cli.Lab#isHere",
    disabledReason = "no disks of the lab and no device-mapper here: scripts/lab test runs this")
@interface LabTest {}
