<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use PHPUnit\Framework\TestCase;

/** CONFIGURATION.md is what would be written now, with every Symfony. */
final class ConfigurationReferenceTest extends TestCase
{
    public function testItIsNotStale(): void
    {
        if (getenv('SF_ROOT') === false) {
            self::markTestSkipped('SF_ROOT is not set');
        }
        exec('php ' . escapeshellarg(\dirname(__DIR__, 2) . '/scripts/configuration.php') . ' bundle --check 2>&1', $printed, $status);
        self::assertSame(0, $status, implode("\n", $printed));
    }
}
