<?php

return [
    'refused' => 'The :attribute is not allowed here.',
    'undecided' => 'The :attribute has to be looked at by a person first.',
    'text' => 'The :attribute must be a text.',
];
