<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use PHPUnit\Framework\TestCase;

/** CONFIGURATION.md is what would be written now. */
final class ConfigurationReferenceTest extends TestCase
{
    public function testItIsNotStale(): void
    {
        exec(escapeshellarg(getenv('LARAVEL_PHP') ?: 'php') . ' ' . escapeshellarg(\dirname(__DIR__, 2) . '/scripts/configuration.php') . ' laravel --check 2>&1', $printed, $status);
        self::assertSame(0, $status, implode("\n", $printed));
    }
}
