<?php

declare(strict_types=1);

/**
 * The autoloader of one tree of Laravel. install.sh copies it into the tree, so that a test's bootstrap says
 * `require getenv('LARAVEL_ROOT').'/autoload.php'` and knows nothing of Debian's packages.
 */
(static function (): void {
    $root = __DIR__.'/usr/share/php';
    set_include_path($root);
    foreach (['Symfony/Polyfill/Php83', 'Symfony/Polyfill/Php84', 'Symfony/Polyfill/Php85', 'Illuminate', 'Symfony/Component/HttpClient'] as $package) {
        if (is_file("$root/$package/autoload.php")) {
            require_once "$root/$package/autoload.php";
        }
    }
})();
