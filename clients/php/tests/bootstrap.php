<?php

declare(strict_types=1);

/*
 * With Composer, its autoloader. Without it: SF_ROOT names a tree of tests/components/php/install.sh; else what Debian has
 * on the include_path.
 */
$composer = __DIR__ . '/../vendor/autoload.php';
$tree = (string) getenv('SF_ROOT');
if (is_file($composer)) {
    require $composer;
} else {
    if ($tree !== '') {
        require $tree . '/autoload.php';
    }
    require __DIR__ . '/../autoload.php';
}
